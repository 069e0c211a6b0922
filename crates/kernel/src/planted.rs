//! Bugs that are planted on purpose, to see that the simulator notices them. Without the feature `planted` none can be: [`is`] is
//! then a constant.

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum Bug {
    FixedWindows = 1,
    GiveBackSigned,
    InitiatorApproves,
    RejectIgnored,
    QuorumByName,
    WindowEdge,
    AuthorisationTwice,
    FailedIsOutflow,
    ChangeIsOutflow,
    RetractionForgotten,
    EvacuationEarly,
    TripNotFolded,
    AckBeforeSync,
    IdIgnored,
    ExpiredApprovalCounts,
    UnknownAllows,
    PriceNeverStale,
    TagNotCompared,
    ResumedByTripper,
    OnePersonResumes,
    StaleIgnored,
    PayloadAmount,
}

/// All of them.
pub const ALL: [Bug; 22] = [
    Bug::FixedWindows,
    Bug::GiveBackSigned,
    Bug::InitiatorApproves,
    Bug::RejectIgnored,
    Bug::QuorumByName,
    Bug::WindowEdge,
    Bug::AuthorisationTwice,
    Bug::FailedIsOutflow,
    Bug::ChangeIsOutflow,
    Bug::RetractionForgotten,
    Bug::EvacuationEarly,
    Bug::TripNotFolded,
    Bug::AckBeforeSync,
    Bug::IdIgnored,
    Bug::ExpiredApprovalCounts,
    Bug::UnknownAllows,
    Bug::PriceNeverStale,
    Bug::TagNotCompared,
    Bug::ResumedByTripper,
    Bug::OnePersonResumes,
    Bug::StaleIgnored,
    Bug::PayloadAmount,
];

/// Whether a bug is planted: never.
#[cfg(not(feature = "planted"))]
#[inline(always)]
pub const fn is(_: Bug) -> bool {
    false
}

#[cfg(feature = "planted")]
static PLANTED: core::sync::atomic::AtomicU8 = core::sync::atomic::AtomicU8::new(0);

/// Whether a bug is planted.
#[cfg(feature = "planted")]
pub fn is(bug: Bug) -> bool {
    PLANTED.load(core::sync::atomic::Ordering::Relaxed) == bug as u8
}

/// Plants a bug in this process, or takes it out.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.store(bug.map_or(0, |bug| bug as u8), core::sync::atomic::Ordering::Relaxed);
}
