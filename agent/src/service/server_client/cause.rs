//! Why there was no answer, in words that an administrator can act on.

use std::{error::Error, io};

use rustls::CertificateError;

const UNKNOWN_ISSUER: &str =
    "its issuer is unknown to this computer; if it is the company's own, set ca_certificate in agent.toml";
/// Windows found no way from the certificate to a root that it trusts (`CERT_E_CHAINING`), which rustls-platform-verifier
/// hands on as a text.
const NO_CHAIN: &str = "(os error -2146762486)";

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

/// An I/O error wraps another one, whose source is not itself, where no proxy is on the way.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let inside = |error: &'a io::Error| error.get_ref().and_then(|inner| tls_error(inner));
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
        CertificateError::UnknownIssuer => UNKNOWN_ISSUER.to_owned(),
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
        CertificateError::Other(words) if words.to_string().contains(NO_CHAIN) => UNKNOWN_ISSUER.to_owned(),
        CertificateError::Other(words) => words.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;

    use super::*;

    /// AGT-14: what Windows says of a certificate reads like what other systems say.
    #[test]
    fn a_certificate_that_leads_to_no_known_root_on_windows_has_an_unknown_issuer() {
        let said = |text: &str| of_certificate(&CertificateError::Other(OtherError(Arc::from(Box::from(text)))));
        let built = "A certificate chain could not be built to a trusted root authority.";
        assert_eq!(said(&format!("{built} (os error -2146762486)")), UNKNOWN_ISSUER);
        assert_eq!(said("It is too weak. (os error 7)"), "It is too weak. (os error 7)");
    }
}
