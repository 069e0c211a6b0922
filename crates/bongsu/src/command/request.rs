//! `bongsu request`: one signed request to a gate, and its answer.

use super::key;
use crate::recorder::now;
use crate::serve::gate::signature::{self, Message};
use crate::trouble::Trouble;
use clap::Args;
use std::io::{Read, Write};
use std::path::PathBuf;

/// What is sent.
#[derive(Args)]
pub struct Arguments {
    /// GET or POST
    pub method: String,
    /// Path and query, such as /v1/state
    pub path: String,
    /// The key file that signs
    #[arg(long)]
    pub key: PathBuf,
    /// Where the gate listens
    #[arg(long, default_value = "http://127.0.0.1:8420")]
    pub url: String,
    /// The body: JSON, or a file that holds it with @FILE, or @- for what is typed; NOW in it stands for this moment
    #[arg(long)]
    pub body: Option<String>,
    /// Print the headers that were signed, too
    #[arg(long)]
    pub verbose: bool,
}

/// Sends it; 0 where it was taken, 1 where it was not.
pub fn run(arguments: &Arguments) -> Result<i32, Trouble> {
    let body = match arguments.body.as_deref() {
        None => String::new(),
        Some("@-") => {
            let mut typed = String::new();
            let read = std::io::stdin().read_to_string(&mut typed);
            read.map_err(|e| Trouble::new(format!("what is typed: {e}"), "send text"))?;
            typed
        }
        Some(text) => match text.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file).map_err(|e| Trouble::file(file.as_ref(), &e))?,
            None => text.to_string(),
        },
    };
    let time = now();
    let body = body.replace("\"NOW\"", &time.to_string());
    let key = key::read(&arguments.key)?;
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|e| Trouble::new(format!("no randomness: {e}"), "check the system"))?;
    let nonce: String = random.iter().map(|b| format!("{b:02x}")).collect();
    let method = arguments.method.to_uppercase();
    let (path, query) = arguments.path.split_once('?').unwrap_or((&arguments.path, ""));
    let message = Message { method: &method, path, query, body: body.as_bytes() };
    let headers = signature::sign(&key, &message, time / 1_000, &nonce);
    let url = format!("{}{}", arguments.url.trim_end_matches('/'), arguments.path);
    let mut request = ureq::http::Request::builder().method(method.as_str()).uri(&url);
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in &headers {
        if arguments.verbose {
            eprintln!("{name}: {value}");
        }
        request = request.header(*name, value);
    }
    let wrong = |e: String| Trouble::new(format!("{url}: {e}"), "check the address, and that the gate runs");
    let request = request.body(body).map_err(|e| wrong(e.to_string()))?;
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.run(request).map_err(|e| wrong(e.to_string()))?;
    let taken = response.status().is_success();
    let mut reader = response.body_mut().as_reader();
    let copied = std::io::copy(&mut reader, &mut std::io::stdout()).and_then(|_| writeln!(std::io::stdout()));
    copied.map_err(|e| wrong(e.to_string()))?;
    Ok(i32::from(!taken))
}
