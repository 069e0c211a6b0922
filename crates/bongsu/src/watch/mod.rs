//! What a watch does outside the kernel: it reads chains, copies its gate, tells it to stop, and signs that nothing is tripped.
//!
//! It promises that everything it hears becomes a fact of the watch's own journal, and that the kernel alone says what follows.
//!
//! - [`blocks`]: a block as a line of JSON
//! - [`source`]: where blocks come from, and what every source owes
//! - [`gate`]: the gate over HTTP; [`pull`]: its journal, copied; [`tell`]: what it is told
//! - [`lease`]: the signed word that nothing is tripped

pub mod blocks;
pub mod gate;
pub mod lease;
pub mod pull;
pub mod source;
pub mod tell;
