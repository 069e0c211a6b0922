//! The server: one journal, its sequencer, and the doors over HTTP.
//!
//! It promises that what it answers to a writer is durable, that time that passes is concluded when a clock ends, and that it
//! stops cleanly when asked. What it answers to a reader is the state in memory, which may be some milliseconds ahead of the
//! disk. Access control is the reverse proxy's for now: it listens on loopback unless told otherwise.
//!
//! - `concluder`: the kernel behind the sequencer
//! - `clock`: the system's clock, and the thread that says that time passed
//! - `witness`: the C2SP tlog-witness door
//! - `desk`: what people and programs read
//! - `gate`: an exchange's guard
//! - `published`: the journal itself, for whoever copies and checks it
//! - [`watch`]: the watch

mod clock;
mod concluder;
mod desk;
pub mod gate;
mod incidents;
mod page;
pub mod published;
pub mod watch;
mod witness;

pub use desk::SILENT;

use crate::adoption;
use crate::recorder::Recorder;
use crate::store::sequencer::{Door, Sequencer};
use crate::store::{Store, keys};
use crate::trouble::Trouble;
use crate::walk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
pub(crate) use concluder::{Kernel, Shared, observation};
use journal::note::{Algorithm, SignerKey};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a server is for: which doors it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// The supervisor: witnesses journals, watches deadlines.
    Supervise,
    /// The guard's gate: decides before anything is signed.
    Gate,
    /// After the broadcast: reads chains, copies and re-performs the gate, stops it.
    Watch,
}

/// Bytes of a request: a checkpoint with its proof has at most 63 × 45 + 2,000; a page of law would be sent as facts.
const BODY: usize = 64 << 10;

/// What every door needs.
pub(crate) struct Office {
    door: Door,
    state: Shared,
    key: SignerKey,
    dir: PathBuf,
    laws: Vec<String>,
}

/// Serves until interrupted; the clocks of these laws are watched.
pub fn run(dir: &Path, role: Role, listen: SocketAddr, laws: &[String]) -> Result<i32, Trouble> {
    debug_assert_eq!(role, Role::Supervise);
    // The first write founds the journal and adopts the shipped law; then the sequencer takes the store.
    let mut recorder = Recorder::open(dir)?;
    adoption::adopt_shipped(&mut recorder)?;
    recorder.close()?;
    let (store, _) = Store::open(dir)?;
    let state = Shared::new(walk::state(dir)?);
    let key = keys::read(dir)?;
    let sequencer = Sequencer::start(store, Kernel(state.clone()), clock::System)?;
    let office = Arc::new(Office { door: sequencer.door(), state, key, dir: dir.to_path_buf(), laws: laws.to_vec() });
    let ticking = clock::start(office.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime
        .map_err(|e| Trouble::new(format!("the server cannot start: {e}"), "too many open files or threads?"))?;
    let served = runtime.block_on(serve(office, listen));
    ticking.stop();
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    let store = sequencer.stop()?;
    store.close(crate::recorder::now())?;
    served.map(|()| 0)
}

async fn serve(office: Arc<Office>, listen: SocketAddr) -> Result<(), Trouble> {
    println!("witness key {}", office.key.verifier(Algorithm::Cosignature));
    let journal = published::routes(&office.dir);
    let routes: Router = witness::routes().merge(desk::routes()).with_state(office).layer(DefaultBodyLimit::max(BODY));
    self::listen(routes.merge(journal), listen).await
}

/// Answers until interrupted.
async fn listen(routes: Router, listen: SocketAddr) -> Result<(), Trouble> {
    let taken = |e: std::io::Error| Trouble::new(format!("{listen}: {e}"), "choose another address with --listen");
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(taken)?;
    let at = listener.local_addr().map_err(taken)?;
    println!("listening on http://{at}");
    axum::serve(listener, routes)
        .with_graceful_shutdown(interrupted())
        .await
        .map_err(|e| Trouble::new(format!("the server ended: {e}"), "start it again; nothing acknowledged is lost"))
}

async fn interrupted() {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(term) => {
                term.recv().await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
