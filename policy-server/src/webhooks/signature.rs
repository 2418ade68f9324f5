//! Secrets of endpoints and the signatures that they make.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{domain::ids::WebhookEndpointId, server_key::ServerKey};

/// The secret of an endpoint. It is derived from the server's key, so that the database does not hold it.
pub struct EndpointSecret([u8; 32]);

impl EndpointSecret {
    /// Of this endpoint.
    pub fn of(key: &ServerKey, endpoint: WebhookEndpointId) -> Self {
        Self(key.derive("webhook", &endpoint.to_string()))
    }

    /// As the receiver configures it.
    pub fn text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The value of `webhook-signature` for a message.
    pub fn sign(&self, id: &str, timestamp_seconds: i64, body: &str) -> String {
        signature(&self.0, id, timestamp_seconds, body)
    }
}

fn signature(secret: &[u8], id: &str, timestamp_seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp_seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
