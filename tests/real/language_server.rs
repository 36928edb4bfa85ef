//! A language server as an editor drives it: LSP over its streams.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::tools::program;

/// A running server with one open document.
pub(crate) struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    file: String,
    version: u64,
    next: u64,
    /// The last diagnostics of the document.
    diagnostics: Option<Vec<Value>>,
}

impl Server {
    /// Starts the server on a file of a folder.
    pub(crate) fn start(folder: &Path, file: &str) -> Self {
        let mut child = program("yaml-language-server")
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take().expect("it is piped");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let root = format!("file://{}", folder.display());
        let mut server = Self {
            child,
            stdin,
            stdout,
            file: format!("{root}/{file}"),
            version: 1,
            next: 0,
            diagnostics: None,
        };
        let capabilities = json!({
            "workspace": {"configuration": true},
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": true, "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
        });
        server.ask(
            "initialize",
            json!({"processId": null, "rootUri": root, "capabilities": capabilities}),
        );
        server.tell("initialized", json!({}));
        let document = json!({"uri": server.file, "languageId": "yaml", "version": 1, "text": ""});
        server.tell("textDocument/didOpen", json!({"textDocument": document}));
        server
    }

    /// Puts a text into the document; what the server complains about.
    pub(crate) fn edit(&mut self, text: &str) -> Vec<String> {
        self.version += 1;
        self.diagnostics = None;
        let document = json!({"uri": self.file, "version": self.version});
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": [{"text": text}]}),
        );
        while self.diagnostics.is_none() {
            self.read();
        }
        let all = self.diagnostics.take().unwrap_or_default();
        let words = all.iter().filter_map(|one| one["message"].as_str());
        words.map(str::to_owned).collect()
    }

    /// What is offered at the mark `|` of a text: fields and values, sorted, and what inserts all
    /// needed fields at once.
    pub(crate) fn complete(&mut self, text: &str) -> [Vec<String>; 2] {
        /// `CompletionItemKind.Class`: the server's sign of an item that stands for several.
        const SEVERAL: u64 = 7;
        let place = self.place(text);
        let answer = self.ask("textDocument/completion", place);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let labels = |several: bool| {
            let items = items
                .iter()
                .filter(|one| (one["kind"] == SEVERAL) == several);
            let labels = items.filter_map(|one| one["label"].as_str());
            let mut labels: Vec<String> = labels.map(str::to_owned).collect();
            labels.sort();
            labels.dedup();
            labels
        };
        [labels(false), labels(true)]
    }

    /// What is shown over the mark `|` of a text.
    pub(crate) fn hover(&mut self, text: &str) -> String {
        let place = self.place(text);
        let answer = self.ask("textDocument/hover", place);
        assert_eq!(answer["contents"]["kind"], "markdown", "{answer}");
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Edits the document and says where the mark was.
    fn place(&mut self, text: &str) -> Value {
        let (before, after) = text.split_once('|').expect("the text has a mark");
        self.edit(&format!("{before}{after}"));
        let line = before.matches('\n').count();
        let character = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        json!({"textDocument": {"uri": self.file}, "position": {"line": line, "character": character}})
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            if let Some(answer) = self.read()
                && answer["id"] == id
            {
                return answer["result"].clone();
            }
        }
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len())
            .expect("the server reads");
        self.stdin.flush().expect("the server reads");
    }

    /// One message: an answer is returned, a request of the server answered, the rest kept in mind.
    fn read(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(
                self.stdout.read_line(&mut line).expect("it is text") > 0,
                "the server has ended"
            );
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().expect("it is a number");
            }
        }
        let mut body = vec![0; length];
        self.stdout
            .read_exact(&mut body)
            .expect("the server writes what it says");
        let message: Value = serde_json::from_slice(&body).expect("it is JSON");
        let Some(method) = message["method"].as_str() else {
            return Some(message);
        };
        if method == "textDocument/publishDiagnostics" && message["params"]["uri"] == self.file {
            self.diagnostics = message["params"]["diagnostics"].as_array().cloned();
        }
        if message.get("id").is_some() {
            let result = if method == "workspace/configuration" {
                let items = message["params"]["items"].as_array().map_or(0, Vec::len);
                let yaml = json!({"validate": true, "hover": true, "completion": true, "schemaStore": {"enable": false}, "kubernetesCRDStore": {"enable": false}});
                let mut all = vec![Value::Null; items];
                if let Some(first) = all.first_mut() {
                    *first = yaml;
                }
                json!(all)
            } else {
                Value::Null
            };
            self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
