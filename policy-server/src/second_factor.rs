//! The second factor of staff: an authenticator (RFC 6238), and recovery codes for when it is lost.

use anyhow::anyhow;
use deskbell_protocol::UnixMillis;
use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Totp};

use crate::{
    domain::{ids::StaffId, staff::TOTP_STEP_SECONDS},
    secrets,
    server_key::ServerKey,
};

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;

/// The authenticator of somebody. Its secret follows from the server's key, the person and the generation.
pub struct Authenticator(Totp);

impl Authenticator {
    /// The one of a generation. `issuer` and `email` stand in the person's app.
    pub fn new(key: &ServerKey, staff: StaffId, generation: i64, issuer: &str, email: &str) -> anyhow::Result<Self> {
        let secret = key.derive("staff authenticator", &format!("{staff} {generation}"));
        // A colon would end the issuer's name in the app (Key URI format).
        let builder = Builder::new()
            .with_secret(secret[..20].to_vec())
            .with_step_duration(TOTP_STEP_SECONDS)
            .with_issuer(Some(issuer.replace(':', " ")))
            .with_account_name(email.replace(':', " "));
        builder.build().map(Self).map_err(|error| anyhow!("preparing an authenticator: {error}"))
    }

    /// The time step whose code this is: the present one, the one before or the one after.
    pub fn step(&self, code: &str, now: UnixMillis) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.0.check(&digits, u64::try_from(now).ok()? / 1000)?;
        i64::try_from(step).ok()
    }

    /// The secret as a person can type it.
    pub fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// A picture that an app reads, as SVG for a page.
    pub fn picture(&self) -> anyhow::Result<String> {
        let url = self.0.to_url().map_err(|error| anyhow!("writing an authenticator's link: {error}"))?;
        let picture = QrCode::new(url)?.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        Ok(picture.split_once("?>").map_or(picture.as_str(), |(_, svg)| svg).to_owned())
    }
}

/// New recovery codes: 80 random bits each, in groups that can be typed.
pub fn new_recovery_codes() -> anyhow::Result<Vec<String>> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let text = secrets::hexadecimal(&secrets::random::<10>()?);
            Ok(text.as_bytes().chunks(5).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
        })
        .collect()
}

/// The hash under which a recovery code is stored, however it was typed; nothing when the text cannot be one.
pub fn recovery_code_hash(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let plain = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| secrets::sha256(digits.to_ascii_lowercase().as_bytes()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn authenticator(generation: i64) -> Authenticator {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(crate::server_key::FILE), [7; 32]).expect("written");
        let key = ServerKey::open(folder.path()).expect("read");
        Authenticator::new(&key, StaffId(Uuid::nil()), generation, "Northwind: IT", "kim@msp.example").expect("made")
    }

    #[test]
    fn a_code_counts_in_its_step_and_the_ones_beside_it() {
        let authenticator = authenticator(1);
        let code = authenticator.0.generate(1_800_000_000).to_string();
        for (seconds, step) in
            [(1_800_000_000, Some(60_000_000)), (1_800_000_031, Some(60_000_000)), (1_800_000_061, None)]
        {
            assert_eq!(authenticator.step(&code, seconds * 1000), step, "{seconds}");
        }
        assert_eq!(authenticator.step(&format!("{} {}", &code[..3], &code[3..]), 1_800_000_000_000), Some(60_000_000));
        for bad in ["", "000000000000", "abcdef", "１２３４５６"] {
            assert_eq!(authenticator.step(bad, 1_800_000_000_000), None, "{bad:?}");
        }
    }

    #[test]
    fn another_generation_is_another_secret() {
        assert_ne!(authenticator(1).secret(), authenticator(2).secret());
        assert!(authenticator(1).picture().expect("drawn").starts_with("<svg"));
    }

    #[test]
    fn a_recovery_code_is_found_however_it_is_typed() {
        let codes = new_recovery_codes().expect("drawn");
        assert_eq!(codes.len(), RECOVERY_CODES);
        let hash = recovery_code_hash(&codes[0]);
        assert!(hash.is_some() && hash != recovery_code_hash(&codes[1]));
        assert_eq!(hash, recovery_code_hash(&codes[0].to_uppercase().replace('-', " ")));
        assert_eq!(recovery_code_hash("12345"), None);
    }
}
