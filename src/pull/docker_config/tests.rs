//! Values of pull secrets, read as the kubelet reads them.

use serde_json::json;

use crate::pull::docker_config::{
    Broken, Credential, SecretType, User, WithoutEntries, entries, without_entries,
};

#[test]
fn the_user_and_the_expiry_are_seen() {
    let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.c2ln";
    let zero = "00000000-0000-0000-0000-000000000000";
    for (user, password, want, expires) in [
        (zero, token, User::RefreshToken, Some(1_700_000_000)),
        ("YourUniqueName", "p", User::Registry, None),
        ("sample-pull", "a.b", User::Other, None),
    ] {
        let entry = json!({"username": user, "password": password});
        let value = json!({"auths": {"youruniquename.azurecr.io": entry}}).to_string();
        let all = entries(SecretType::DockerConfigJson, &value).expect("it is right");
        assert_eq!((all[0].user, all[0].expires), (want, expires));
    }
}

fn read(value: &str) -> Result<Vec<Credential>, Broken> {
    let all = entries(SecretType::DockerConfigJson, value)?;
    Ok(all.into_iter().map(|one| one.credential).collect())
}

#[test]
fn auth_has_precedence_and_missing_fields_are_detected() {
    let token = |identity_token| Credential::NoPassword { identity_token };
    for (value, want) in [
        (
            r#"{"auths":{"a":{"auth":"dTpw"}}}"#,
            vec![Credential::Complete],
        ),
        (
            r#"{"auths":{"a":{"Auth":"dTpwcA"}}}"#,
            vec![Credential::Complete],
        ),
        (
            r#"{"auths":{"a":{"username":"u","password":"p"}}}"#,
            vec![Credential::Complete],
        ),
        (
            r#"{"auths":{"a":{"username":"u","password":"p","auth":"dTo="}}}"#,
            vec![token(false)],
        ),
        (
            r#"{"auths":{"a":{"auth":"MDA6","identitytoken":"x"}}}"#,
            vec![token(true)],
        ),
        (
            r#"{"auths":{"a":{"password":"p"}}}"#,
            vec![Credential::NoUsername],
        ),
        (r#"{"auths":{"a":{}}}"#, vec![token(false)]),
        (r#"{"auths":{"a":null}}"#, vec![token(false)]),
        (r#"{"auths":null}"#, vec![]),
        ("{}", vec![]),
        ("null", vec![]),
        (
            r#"{"AUTHS":{"a":{"auth":"dTpw","Auth":null}},"credsStore":"x","credHelpers":{"a":"x"}}"#,
            vec![Credential::Complete],
        ),
        (
            r#"{"auths":{"a":{"auth":"dTpw\n"}}}"#,
            vec![Credential::Complete],
        ),
        (
            r#"{"auths":{"a":{"registrytoken":"x"}}}"#,
            vec![token(false)],
        ),
        (
            r#"{"auths":{"a":{"auth":"dTpwOnE="}},"HttpHeaders":{"a":"b"}}"#,
            vec![Credential::Complete],
        ),
    ] {
        assert_eq!(read(value), Ok(want), "{value}");
    }
}

#[test]
fn values_that_fail_the_whole_pod_are_distinguished() {
    for (value, want) in [
        ("", Broken::Json),
        ("[]", Broken::Json),
        (r#"{"auths":[]}"#, Broken::Json),
        (r#"{"auths":{"a":{"username":1}}}"#, Broken::Json),
        (r#"{"auths":{"a":{"email":1}}}"#, Broken::Json),
        (r#"{"auths":{"a":{"auth":1,"Auth":"dTpw"}}}"#, Broken::Json),
        (r#"{"auths":{"a":"dTpw"}}"#, Broken::Json),
        (r#"{"auths":{},"HttpHeaders":{"a":1}}"#, Broken::Json),
        (
            r#"{"auths":{"a":{"auth":"dTpwOg="}}}"#,
            Broken::Base64("a".to_owned()),
        ),
        (
            r#"{"auths":{"good":{"auth":"dTpw"},"a":{"auth":"dT pw"}}}"#,
            Broken::Base64("a".to_owned()),
        ),
        (
            r#"{"auths":{"a":{"auth":"%%"}}}"#,
            Broken::Base64("a".to_owned()),
        ),
        (
            r#"{"auths":{"a":{"auth":"dXA="}}}"#,
            Broken::Colon("a".to_owned()),
        ),
    ] {
        assert_eq!(read(value), Err(want), "{value}");
    }
}

#[test]
fn a_placeholder_is_no_credential() {
    for value in [
        r#"{"username":"${U}","password":"${P}"}"#,
        r#"{"username":"u","password":"<password>"}"#,
        r#"{"username":"u","password":"p","auth":"${AUTH}"}"#,
        r#"{"auth":"dTpSRVBMQUNFX01F"}"#,
    ] {
        let value = format!(r#"{{"auths":{{"a":{value}}}}}"#);
        assert_eq!(read(&value), Ok(vec![Credential::Unfilled]), "{value}");
    }
}

#[test]
fn values_without_entries_are_told_apart() {
    for (value, want) in [
        ("{}", WithoutEntries::Empty),
        (r#"{"auths":{}}"#, WithoutEntries::Empty),
        ("null", WithoutEntries::Empty),
        (r#"{"credHelpers":{"a":"x"}}"#, WithoutEntries::Helpers),
        (r#"{"auths":{},"credsStore":"x"}"#, WithoutEntries::Helpers),
        (r#"{"a":{"auth":"dTpw"}}"#, WithoutEntries::Legacy),
        (r#"{"username":"u"}"#, WithoutEntries::Other),
    ] {
        assert_eq!(without_entries(value), want, "{value}");
    }
}

#[test]
fn the_legacy_type_has_no_auths() {
    let value = r#"{"a.azurecr.io":{"auth":"dTpw"}}"#;
    let all = entries(SecretType::DockerCfg, value).expect("it is right");
    assert_eq!(all[0].key, "a.azurecr.io");
    assert_eq!(read(value), Ok(vec![]));
}
