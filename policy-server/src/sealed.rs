//! What has to be used again as it is and must not be read in the database: sealed with a key that is derived from the
//! server's own (RFC 8439).

use anyhow::{Context as _, anyhow};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;

use crate::{secrets, server_key::ServerKey};

/// `text` so that only this server reads it, for this purpose and this row.
pub fn seal(server: &ServerKey, purpose: &str, row: Uuid, text: &str) -> anyhow::Result<String> {
    let nonce = secrets::random::<NONCE_LEN>()?;
    let mut sealed = text.as_bytes().to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    let done = key(server, purpose, row)?.seal_in_place_append_tag(unique, Aad::empty(), &mut sealed);
    done.map_err(|_| anyhow!("sealing a secret"))?;
    Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// What was sealed; fails when it was with another key, or for something else.
pub fn open(server: &ServerKey, purpose: &str, row: Uuid, sealed: &str) -> anyhow::Result<String> {
    const OTHER: &str = "it was sealed with the key of another server (deskbell.key)";
    let bytes = STANDARD_NO_PAD.decode(sealed).context("reading a sealed secret")?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().context("reading a sealed secret")?;
    let mut text = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let text = key(server, purpose, row)?.open_in_place(nonce, Aad::empty(), &mut text).map_err(|_| anyhow!(OTHER))?;
    String::from_utf8(text.to_vec()).context("reading a sealed secret")
}

/// One for each row: no nonce meets another under it.
fn key(server: &ServerKey, purpose: &str, row: Uuid) -> anyhow::Result<LessSafeKey> {
    let bytes = server.derive(purpose, &row.to_string());
    let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| anyhow!("making a key"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_purpose_and_row_open_it() {
        let folders = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
        let [server, other] = folders.each_ref().map(|folder| ServerKey::open(folder.path()).expect("a key"));
        let row = Uuid::from_u128(1);
        let sealed = seal(&server, "a", row, "secret").expect("sealed");
        assert_ne!(seal(&server, "a", row, "secret").expect("sealed"), sealed, "the nonce is drawn");
        assert_eq!(open(&server, "a", row, &sealed).expect("opened"), "secret");
        let another = open(&other, "a", row, &sealed).expect_err("refused").to_string();
        assert!(another.contains("deskbell.key"), "{another}");
        assert!(open(&server, "b", row, &sealed).is_err() && open(&server, "a", Uuid::nil(), &sealed).is_err());
        assert!(open(&server, "a", row, "").is_err() && open(&server, "a", row, "?").is_err());
    }
}
