//! Why there was no answer, in words that an administrator can act on.

use std::{error::Error, io};

use rustls::CertificateError;

/// The cause of `error` on the way to `host`: what is wrong with a certificate, else the innermost cause. Without the
/// address, which may carry a secret.
pub(super) fn cause(error: &reqwest::Error, host: &str) -> String {
    if error.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    let chain = || std::iter::successors(error.source(), |error| Error::source(*error));
    if let Some(refused) = chain().find_map(tls_error) {
        return of_tls(refused, host);
    }
    chain().last().map_or_else(|| "the connection was lost".to_owned(), ToString::to_string)
}

fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let inside = |error: &'a io::Error| error.get_ref()?.downcast_ref::<rustls::Error>();
    error.downcast_ref().or_else(|| error.downcast_ref::<io::Error>().and_then(inside))
}

fn of_tls(error: &rustls::Error, host: &str) -> String {
    match error {
        rustls::Error::InvalidCertificate(why) => {
            format!("the certificate of {host} was not accepted: {}", of_certificate(why))
        }
        other => format!("TLS with {host} failed: {other}"),
    }
}

fn of_certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => {
            "its issuer is unknown to this computer; if it is the company's own, set ca_certificate in agent.toml"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired, or this computer's clock is wrong".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet, or this computer's clock is wrong".to_owned()
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!("it is for another name ({})", presented.join(", "))
        }
        CertificateError::NotValidForName => "it is for another name".to_owned(),
        CertificateError::Revoked => "it was revoked".to_owned(),
        other => other.to_string(),
    }
}
