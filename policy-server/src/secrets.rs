//! Secrets that the server gives out: 256 random bits, kept only as a hash, one purpose each (S6).

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// How many characters a secret has: 32 bytes in unpadded base64url.
const LENGTH: usize = 43;

/// A new secret, and the hash under which it is stored.
pub struct NewSecret {
    /// For whoever gets it; shown once.
    pub text: String,
    /// For the store.
    pub hash: String,
}

impl NewSecret {
    /// Draws 256 random bits.
    pub fn draw() -> anyhow::Result<Self> {
        let text = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let hash = sha256(text.as_bytes());
        Ok(Self { text, hash })
    }
}

/// Random bytes.
pub fn random<const LENGTH: usize>() -> anyhow::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).context("drawing random bits")?;
    Ok(bytes)
}

/// The hash under which a secret would be stored, or nothing when the text cannot be one: its length is checked before
/// anything is looked up (S6).
pub fn hash(secret: &str) -> Option<String> {
    let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (secret.len() == LENGTH && plain).then(|| sha256(secret.as_bytes()))
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut sum = Sha256Sum::default();
    sum.add(bytes);
    sum.hexadecimal()
}

/// SHA-256 of what comes in pieces.
#[derive(Default)]
pub struct Sha256Sum(Sha256);

impl Sha256Sum {
    /// Takes the next piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The sum of everything, in hexadecimal.
    pub fn hexadecimal(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Bytes in hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_is_found_by_its_hash_and_nothing_else_can_be_one() {
        let secret = NewSecret::draw().expect("random bits");
        assert_eq!(hash(&secret.text), Some(secret.hash));
        for bad in ["", "%", &secret.text[1..], &format!("{}x", secret.text), &format!("%{}", &secret.text[1..])] {
            assert_eq!(hash(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn sha256_is_the_one_of_fips_180() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
