//! Scripts against a Secret in the cluster that holds anything.

use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::scripts::{script, world_for};
use crate::tools::program;
use crate::world::World;

const HOST: &str = "youruniquename.azurecr.io";

fn pull_secret() -> PathBuf {
    script("examples/secret/expected/sample/pull-secret-prod.sh")
}

/// Puts bytes as the value of the Secret that the script verifies.
fn hold(world: &World, value: &[u8]) {
    world.change(
        "/secrets",
        json!({"default/acr-secret": {
            "type": "kubernetes.io/dockerconfigjson",
            "metadata": {},
            "data": {".dockerconfigjson": STANDARD.encode(value)},
        }}),
    );
}

fn docker_config(username: &str, password: &str) -> Vec<u8> {
    json!({"auths": {HOST: {"username": username, "password": password}}})
        .to_string()
        .into_bytes()
}

/// Texts that would be options of curl if a line could end in them.
fn hostile_texts(file: &str) -> Vec<String> {
    let option = |end: &str| {
        // Without quotes, which are escaped: curl takes a bare word up to the end of the line.
        format!(
            "x{end}output = {file}{end}url = file:///etc/passwd{end}output = {file}{end}upload-file = /etc/passwd{end}#"
        )
    };
    let mut all: Vec<String> = [
        "\n", "\r", "\r\n", "\\n", "\u{b}", "\u{c}", "\0\n", "\u{85}", "\u{2028}",
    ]
    .map(option)
    .to_vec();
    all.extend(["\t", "a\tb", "\0", "a\0b", "\u{7f}", "\u{1b}[2J"].map(str::to_owned));
    all.push(format!("{}\noutput = {file}", "\\\"".repeat(50_000)));
    all
}

#[test]
fn no_text_of_a_secret_becomes_an_option_of_curl() {
    let script = pull_secret();
    let world = world_for(&script);
    let file = world.path().join("taken").display().to_string();
    let mut values: Vec<Vec<u8>> = Vec::new();
    for text in hostile_texts(&file) {
        values.push(docker_config(&text, "p"));
        values.push(docker_config("u", &text));
        // No JSON at all, and JSON of another shape.
        values.push(text.clone().into_bytes());
        values.push(
            json!({"auths": {HOST: {"username": [text.clone()], "password": {"a": text}}}})
                .to_string()
                .into_bytes(),
        );
    }
    values.push(b"\xff\xfe\0\x80".to_vec());
    values.push(docker_config("a:b", "c"));
    for value in values {
        hold(&world, &value);
        let run = world.watch(&script, &["--verify"]);
        let said = String::from_utf8_lossy(&run.output.stderr).into_owned();
        assert_eq!(run.code, Some(1), "{said}");
        for config in run.curl {
            let names: Vec<&str> = config
                .split(['\n', '\r'])
                .filter(|line| !line.is_empty())
                .map(|line| line.split(" = ").next().unwrap_or_default())
                .collect();
            assert!(names == ["url", "user"] || names.is_empty(), "{config:?}");
        }
    }
}

/// A registry on loopback that takes any credential and notes it.
fn registry() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has one");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut request = Vec::new();
            let mut buffer = [0_u8; 65_536];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let header = text
                .lines()
                .find_map(|line| line.strip_prefix("Authorization: "));
            if let Some(header) = header {
                noted
                    .lock()
                    .expect("no thread panicked")
                    .push(header.to_owned());
            }
            let body = "{\"access_token\": \"abc.DEF-123_~+/=\"}";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            if !text.starts_with("HEAD") {
                let _ = stream.write_all(body.as_bytes());
            }
        }
    });
    (format!("http://{address}"), seen)
}

#[test]
fn the_real_curl_reads_exactly_what_the_secret_holds() {
    let _ = program("curl");
    let (address, seen) = registry();
    let script = pull_secret();
    let mut world = world_for(&script);
    world.export("STAND_IN_CURL", &address);
    let file = world.path().join("taken");
    for text in hostile_texts(&file.display().to_string()) {
        for value in [docker_config(&text, "p"), docker_config("u", &text)] {
            hold(&world, &value);
            world.watch(&script, &["--verify"]);
            assert!(!file.exists(), "{text:?} made curl write a file");
        }
    }
    seen.lock().expect("no thread panicked").clear();
    for (username, password) in [
        ("sample-pull", "p4ss/w0rd+AbC=$x"),
        (
            "é -u",
            "quote\" 'single' `back` \\slash # $(id) {{x}} <&> :colon",
        ),
        ("a\\tb", "\\n\\r\\t\\v\\\\\"\\\""),
        ("-x", "@/etc/passwd"),
        ("\u{2028}", "\u{202e}\u{feff}"),
    ] {
        hold(&world, &docker_config(username, password));
        let run = world.watch(&script, &["--verify"]);
        let said = String::from_utf8_lossy(&run.output.stderr).into_owned();
        assert_eq!(run.code, Some(0), "{said}");
        let basic = format!(
            "Basic {}",
            STANDARD.encode(format!("{username}:{password}"))
        );
        let mut seen = seen.lock().expect("no thread panicked");
        assert!(seen.contains(&basic), "{seen:?}");
        assert!(
            seen.contains(&"Bearer abc.DEF-123_~+/=".to_owned()),
            "{seen:?}"
        );
        seen.clear();
    }
}

#[test]
fn an_access_token_that_is_none_is_not_sent() {
    let script = pull_secret();
    let world = world_for(&script);
    world.expect(&script, &["--apply"], 0);
    for token in ["a\"\nurl = \"file:///etc/passwd", "a b", "", "a\n"] {
        world.change("/accessToken", json!(token));
        let run = world.watch(&script, &["--verify"]);
        assert_eq!(run.code, Some(1));
        assert!(
            run.curl.iter().all(|config| !config.contains("header")),
            "{:?}",
            run.curl
        );
    }
}

#[test]
fn an_event_that_says_ok_is_no_pull() {
    let script = pull_secret();
    let world = world_for(&script);
    world.expect(&script, &["--apply"], 0);
    for message in [
        "ok",
        "good",
        "bad good",
        "##vso[task.complete]\u{1b}[2J\nok",
    ] {
        world.change("/eventMessage", json!(message));
        let (text, _) = world.expect(&script, &["--verify", "--in-cluster"], 1);
        assert!(text.contains("FAILED"), "{text}");
        assert_eq!(world.get()["pods"], json!({}));
    }
}

#[test]
fn an_empty_field_of_a_secret_stays_empty() {
    let script = pull_secret();
    let world = world_for(&script);
    for (labels, stays) in [
        (json!({"app.kubernetes.io/managed-by": "pullwright"}), false),
        (json!({}), true),
    ] {
        world.change(
            "/secrets",
            json!({"default/acr-secret": {
                "type": "kubernetes.io/dockerconfigjson", "metadata": {"labels": labels},
            }}),
        );
        world.run(&script, &["--undo", "--apply"]);
        assert_eq!(world.get()["secrets"] != json!({}), stays);
    }
    world.change("/secrets", json!({"default/acr-secret": {
        "type": "", "metadata": {"annotations": {"pullwright.dev/credentials": "kubernetes.io/dockerconfigjson"}},
    }}));
    let (text, _) = world.expect(&script, &["--apply"], 1);
    assert!(text.contains("cannot change"), "{text}");
}
