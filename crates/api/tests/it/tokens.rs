//! Tokens that are not ours, or not any more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{TestApp, answer};

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// The token with some of its header or claims replaced and its old signature.
fn tampered(token: &str, header: Value, claims: Value) -> String {
    let merge = |mut part: Value, changes: Value| {
        for (name, value) in changes.as_object().unwrap() {
            part[name] = value.clone();
        }
        encode(&part)
    };
    let signature = token.split('.').nth(2).unwrap();
    format!("{}.{}.{signature}", merge(part(token, 0), header), merge(part(token, 1), claims))
}

#[actix_web::test]
async fn tampered_tokens_are_refused() {
    TestApp::each(async |app| {
        let token = app.token("sales").await;
        let admin = app.id("admin").await;
        let none = {
            let whole = tampered(&token, json!({"alg": "none"}), json!({}));
            format!("{}.", whole.rsplit_once('.').unwrap().0)
        };
        let attacks = [
            tampered(&token, json!({}), json!({"sub": admin})),
            tampered(&token, json!({}), json!({"exp": 9_999_999_999_i64})),
            tampered(&token, json!({"alg": "HS512"}), json!({})),
            tampered(&token, json!({"alg": "RS256"}), json!({})),
            tampered(&token, json!({"kid": "../../etc/passwd"}), json!({})),
            tampered(&token, json!({"jku": "https://evil.example/keys"}), json!({})),
            tampered(&token, json!({"typ": "JWT"}), json!({})),
            none,
            token.rsplit_once('.').unwrap().0.to_owned(),
            format!("{token}x"),
            "a.b.c".to_owned(),
            "eyJ".repeat(3000),
        ];
        for attack in &attacks {
            answer(app.request(Method::GET, "/me").bearer_auth(attack)).await.refused(401, "unauthenticated");
        }
        app.get("sales", "/me").await.expect(200);
    })
    .await;
}

/// Signed with our own key, but saying something we never say.
#[actix_web::test]
async fn claims_we_never_make_are_refused() {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    use rapport_persistence::signing_keys::signing_key_list;
    TestApp::each(async |app| {
        let token = app.token("sales").await;
        let rows = app.app.store.read("keys", signing_key_list).await.unwrap();
        let secret = base64::engine::general_purpose::STANDARD_NO_PAD.decode(&rows[0].secret).unwrap();
        let sign = |changes: Value| {
            let mut header = Header::new(Algorithm::HS256);
            header.typ = Some("at+jwt".into());
            header.kid = Some(rows[0].id.clone());
            let mut claims = part(&token, 1);
            for (name, value) in changes.as_object().unwrap() {
                if value.is_null() {
                    claims.as_object_mut().unwrap().remove(name);
                } else {
                    claims[name] = value.clone();
                }
            }
            encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap()
        };
        let me = |token: String| answer(app.request(Method::GET, "/me").bearer_auth(token));
        me(sign(json!({}))).await.expect(200);
        let exp = part(&token, 1)["exp"].as_i64().unwrap();
        for changes in [
            json!({"iss": "somebody"}),
            json!({"aud": "rapport-mfa"}),
            json!({"aud": ["rapport-api", "else"], "iss": null}),
            json!({"exp": exp - 3600}),
            json!({"exp": exp.to_string()}),
            json!({"exp": null}),
            json!({"nbf": exp + 3600}),
            json!({"nbf": null}),
            json!({"sub": "someone"}),
            json!({"roles": ["admin"]}),
        ] {
            me(sign(changes.clone())).await.refused(401, "unauthenticated");
        }
        me(sign(json!({"sub": app.id("admin").await}))).await.refused(401, "session_revoked");
        me(sign(json!({"sid": uuid::Uuid::nil()}))).await.refused(401, "session_revoked");
    })
    .await;
}

#[actix_web::test]
async fn credentials_that_are_none_are_refused() {
    TestApp::each(async |app| {
        let me = |header: &'static str| answer(app.request(Method::GET, "/me").header("authorization", header));
        for header in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer rap_12345678_short", "Digest x"] {
            me(header).await.refused(401, "unauthenticated");
        }
        let token = app.token("sales").await;
        answer(app.request(Method::GET, &format!("/me?access_token={token}"))).await.refused(400, "credential_in_url");
    })
    .await;
}
