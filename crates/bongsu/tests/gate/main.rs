//! The gate as callers meet it: a real server in a process of its own, and signed requests over loopback.

mod bad_input;
mod document;
mod kill;
mod life;
mod night;
mod overload;
mod stage;
