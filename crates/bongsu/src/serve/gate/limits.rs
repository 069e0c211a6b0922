//! Every limit of the gate's doors, in one place, each with its arithmetic.

use std::time::Duration;

/// Items of one batch: one group of the journal carries 65,536, so eight such batches share a sync.
pub const BATCH: usize = 8_192;
/// Bytes of an ordinary request: ten texts of at most 8,192 bytes are refused by the kernel one by one before this.
pub const BODY: usize = 128 << 10;
/// Bytes of a batch: 8,192 items of 512 bytes; an ordinary item has 300.
pub const BATCH_BODY: usize = BATCH * 512;
/// Bytes of a rulebook or a block: eight pages of the largest size the kernel takes (512 KiB).
pub const PAGES_BODY: usize = 4 << 20;

/// Connections that are served: each has at most one request in flight, and a thread for it.
pub const CONNECTIONS: usize = 512;
/// Connections beyond those, on which only suspensions are answered.
pub const RESERVED: usize = 64;
/// Streams of entries at one time: each follows the journal for itself.
pub const STREAMS: usize = 16;

/// A submission that would wait behind one that has waited so long is refused: a withdrawal that is answered later than this
/// has been given up by its caller.
pub const LATE: Duration = Duration::from_millis(1_000);
/// When a caller who was refused may come again, in seconds.
pub const RETRY: u32 = 1;
/// How long a suspension may take to be durable before it is answered from memory alone.
pub const SUSPENSION: Duration = Duration::from_millis(200);

/// A request's head must arrive within this; an idle connection is closed after it too.
pub const HEAD: Duration = Duration::from_secs(30);
/// Its body within this: 4 MiB at 4 Mbit/s.
pub const BODY_TIME: Duration = Duration::from_secs(10);

/// A signature counts for so long, in seconds.
pub const SIGNED: i64 = 300;
/// How far ahead a signer's clock may be, in seconds.
pub const AHEAD: i64 = 2;
/// Nonces that are remembered: five minutes of 3,000 requests a second. Full means busy, never forgotten.
pub const NONCES: usize = 1_000_000;
/// Bytes of a nonce.
pub const NONCE: usize = 64;
