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
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let mut params = CertificateParams::new([host.to_owned()])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![list] }];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;

        let empty = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(2100, 1, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        publish(listener, empty.signed_by(&issuer)?.der().to_vec())?;

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

fn publish(listener: TcpListener, list: Vec<u8>) -> anyhow::Result<()> {
    let router = Router::new().route("/list", get(move || async move { list }));
    let listener = tokio::net::TcpListener::from_std(listener).context("listening for questions about certificates")?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}
