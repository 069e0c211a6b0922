//! One command is CI: `cargo xtask ci`.
//!
//! The repository's opinions about itself (the map, the direction of imports, names, licences) are ordinary tests in
//! `tests/`, so `cargo test` says them too. Nothing else depends on this crate.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What `cargo xtask` prints without a task it knows.
const TASKS: &str = "\
cargo xtask ci      all of the below, in this order
cargo xtask fmt     formatting
cargo xtask lint    clippy, warnings are errors
cargo xtask pure    the three pure crates build without std
cargo xtask law     the rule pages pass their own cases
cargo xtask planted the simulator finds every planted bug
cargo xtask test    every test";

/// The crates that must build without the standard library.
const PURE: [&str; 3] = ["journal", "rulebook", "kernel"];

/// Targets without a standard library; the first that is installed is used.
const BARE_TARGETS: [&str; 4] =
    ["x86_64-unknown-none", "aarch64-unknown-none", "thumbv7em-none-eabihf", "riscv32imac-unknown-none-elf"];

/// Either done, or what went wrong.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let task = env::args().nth(1).unwrap_or_default();
    let outcome = match task.as_str() {
        "ci" => ci(),
        "fmt" => fmt(),
        "lint" => lint(),
        "pure" => pure(),
        "law" => law(),
        "planted" => planted(),
        "test" => test(),
        _ => Err(TASKS.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Every step, whatever the ones before it say: one run names all that is wrong. The tests come last.
fn ci() -> Outcome {
    let steps: [fn() -> Outcome; 6] = [fmt, lint, pure, law, planted, test];
    let failed: Vec<String> = steps.into_iter().filter_map(|step| step().err()).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn fmt() -> Outcome {
    cargo(&["fmt", "--all", "--", "--check", "-l"])
}

fn lint() -> Outcome {
    cargo(&["clippy", "--all-targets", "--keep-going", "--", "-D", "warnings"])
}

/// Builds the pure crates where there is no clock, no file and no thread to reach for. Without such a target installed
/// the tests in `tests/tidy.rs` still ask for `#![no_std]`.
fn pure() -> Outcome {
    let Some(target) = BARE_TARGETS.into_iter().find(|target| installed(target)) else {
        eprintln!("xtask: no target without std is installed (rustup target add {}); skipped", BARE_TARGETS[0]);
        return Ok(());
    };
    let mut words = vec!["build", "--target", target];
    for name in PURE {
        words.extend(["-p", name]);
    }
    cargo(&words)
}

fn law() -> Outcome {
    let mut words = vec!["run", "-q", "-p", "bongsu", "--", "check"];
    words.extend(["law", "policy"].into_iter().filter(|folder| root().join(folder).is_dir()));
    cargo(&words)
}

/// A feature of its own, which no other build has: it would plant bugs.
fn planted() -> Outcome {
    cargo(&["test", "-q", "-p", "sim", "--features", "planted", "--test", "planted"])
}

/// Documentation examples first, so that the closing line is the one of the tests.
fn test() -> Outcome {
    cargo(&["test", "--doc", "-q"])?;
    if command(&["nextest", "--version"]).output().is_ok_and(|out| out.status.success()) {
        cargo(&["nextest", "run", "--no-fail-fast"])
    } else {
        cargo(&["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// Cargo in the root of the workspace.
fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

fn cargo(words: &[&str]) -> Outcome {
    let line = words.join(" ");
    eprintln!("xtask: cargo {line}");
    match command(words).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("xtask: cargo {line}: {status}")),
        Err(why) => Err(format!("xtask: cargo {line}: {why}")),
    }
}

/// Whether the standard toolchain can build for a target.
fn installed(target: &str) -> bool {
    let Ok(out) = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output() else {
        return false;
    };
    out.status.success() && Path::new(String::from_utf8_lossy(&out.stdout).trim()).is_dir()
}
