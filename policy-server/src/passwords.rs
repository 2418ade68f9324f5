//! Passwords of staff: argon2id, with the parameters that RFC 9106 §4 and OWASP name for little memory.

use anyhow::{Context as _, anyhow};
use argon2::{
    Argon2,
    password_hash::{Error, PasswordHasher as _, PasswordVerifier as _},
};
use tokio::sync::Semaphore;

/// A hash takes 19 MB: this many are made at once.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A hash of no password that anybody knows: checking it takes as long as checking one of somebody (S9).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password, in PHC form.
pub async fn hash(password: String) -> anyhow::Result<String> {
    blocking(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| anyhow!("hashing a password: {error}"))
    })
    .await
}

/// Whether `password` is the one that was hashed. Without a hash it never is, and that takes as long to say.
pub async fn is_right(password: String, hash: Option<String>) -> anyhow::Result<bool> {
    blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        match Argon2::default().verify_password(password.as_bytes(), hash.as_str()) {
            Ok(()) => Ok(known),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(anyhow!("checking a password: {error}")),
        }
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    let _permit = AT_ONCE.acquire().await.context("waiting to hash a password")?;
    tokio::task::spawn_blocking(work).await.context("hashing a password")?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_only_for_its_own_hash() {
        let made = hash("correct horse battery".into()).await.expect("hashed");
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert!(is_right("correct horse battery".into(), Some(made.clone())).await.expect("checked"));
        assert!(!is_right("correct horse batterz".into(), Some(made)).await.expect("checked"));
        assert!(!is_right("anything".into(), None).await.expect("nobody's hash can be checked, too"));
    }
}
