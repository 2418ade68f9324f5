//! A company's certificate authority. Windows asks it whether a certificate was revoked, so it publishes a list.

use std::{fs, net::TcpListener};

use anyhow::Context;
use axum::{Router, routing::get};
use deskbell_tests::support::{loopback, server_process::TlsFiles};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, CrlDistributionPoint,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use tempfile::TempDir;

/// The authority, and a server's certificate.
pub(super) struct Authority {
    pub(super) files: TlsFiles,
    _folder: TempDir,
}

impl Authority {
    /// Makes everything for the server `host`, and publishes the list for as long as the test runs.
    pub(super) fn new(host: &str) -> anyhow::Result<Self> {
        let listener = loopback::listener()?;
        let list = format!("http://{}/list", listener.local_addr()?);
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Harbor IT's own CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let self_signed = || CertifiedIssuer::self_signed(params.clone(), KeyPair::generate()?);
        let issuer = readable(self_signed, |issuer| issuer.der())?;

        let mut params = CertificateParams::new([host.to_owned()])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![list] }];
        let key = KeyPair::generate()?;
        let certificate = readable(|| params.clone().signed_by(&key, &issuer), |certificate| certificate.der())?;

        let empty = || CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(2100, 1, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        let empty = readable(|| empty().signed_by(&issuer), |list| list.der())?;
        publish(listener, empty.der().to_vec())?;

        let folder = tempfile::tempdir().context("making a folder for certificates")?;
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).with_context(|| format!("writing {}", path.display())).map(|()| path)
        };
        let files = TlsFiles {
            host: host.to_owned(),
            certificate: write("server.pem", &(certificate.pem() + &issuer.pem()))?,
            key: write("server.key", &key.serialize_pem())?,
            authority: write("authority.pem", &issuer.pem())?,
        };
        Ok(Self { files, _folder: folder })
    }
}

/// Signs until Wine can read the signature: a number in it of less than 32 bytes makes it a wrong one to Wine 8.
fn readable<T>(sign: impl Fn() -> Result<T, rcgen::Error>, der: impl Fn(&T) -> &[u8]) -> Result<T, rcgen::Error> {
    loop {
        let signed = sign()?;
        if has_long_numbers(der(&signed)) {
            return Ok(signed);
        }
    }
}

/// Whether both numbers at the end have 32 bytes, or 33 with the zero that keeps one from being negative.
fn has_long_numbers(der: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    const NUMBER: u8 = 2;
    [(32, 32), (32, 33), (33, 32), (33, 33)].into_iter().any(|(first, second)| {
        let start = der.len().saturating_sub(usize::from(first + second) + 6);
        der[start..].starts_with(&[SEQUENCE, first + second + 4, NUMBER, first])
    })
}

fn publish(listener: TcpListener, list: Vec<u8>) -> anyhow::Result<()> {
    let router = Router::new().route("/list", get(move || async move { list }));
    let listener = tokio::net::TcpListener::from_std(listener).context("listening for questions about certificates")?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}
