//! Every limit of the door, in one place, each with its reason.
//!
//! Limits only refuse new facts: what is already in a journal is read whatever these say, so a limit may change.

use rulebook::time::Instant;

/// Bytes of an id or a name of a subject, a judgement or a code: a chain address takes 62, a transaction hash 66, a hash
/// with its chain and output under 100.
pub const NAME: usize = 128;

/// Bytes of the id of a key: what the header of an entry has room for.
pub const PRINCIPAL: usize = 64;

/// Bytes of an exchange's or a company's full name in one language.
pub const TITLE: usize = 256;

/// Bytes of a source: a URL with a page number; browsers stop near 2,000.
pub const SOURCE: usize = 2_048;

/// Bytes of the reasons for a judgement: two pages, as an opinion's summary has. Longer ones are kept elsewhere and cited.
pub const REASONS: usize = 8_192;
/// Bytes of a signed note: three lines of a checkpoint (200) and the signatures of thirty witnesses (250 each).
pub const NOTE: usize = 8_192;

/// Bytes of a remark: a long text of an incident report has 65,535 characters at most (FIRE), and the form is filled from
/// several remarks; what is longer is a paper of its own.
pub const REMARK: usize = 65_535;

/// Codes in one set: the longest set a statute lists (trade record kinds) has under twenty.
pub const CODES: usize = 64;

/// People who sign one filing: a whole board.
pub const SIGNATORIES: usize = 32;

/// Subjects that one subject refers to: a withdrawal has a wallet, an asset, a destination, a customer.
pub const REFERS: usize = 16;

/// Laws of one assessment: more than there are.
pub const LAWS: usize = 64;

/// Pages of one rulebook: all law and policy here is under a hundred.
pub const PAGES: usize = 1_024;

/// Bytes of a page: half a body, so that it always fits one; the longest page has 200 kB.
pub const PAGE: usize = 512 << 10;

/// Bytes of a page's path.
pub const PATH: usize = 256;

/// Largest numerator and denominator: 10^30 holds every token supply in base units (10^27) a thousand times over, and
/// the product of a quantity and a price stays within the rulebook's exact numbers.
pub const NUMBER: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// The largest share, as a fraction: 1,000 %. Cover of several times what is owed exists; a hundredfold is a slipped unit.
pub const SHARE: i128 = 10;

/// Milliseconds of the longest length: a hundred years.
pub const LENGTH: i64 = 100 * 366 * 24 * 3_600_000;

/// Months, days or working days of the longest civil length: a hundred years of days.
pub const CIVIL: i32 = 36_600;

/// 1900-01-01T00:00:00Z: before every company, licence and career a fact may speak of.
pub const EARLIEST: Instant = Instant(-2_208_988_800_000);

/// The last millisecond of 2200: past every deadline a rule can compute from today; later is a slipped digit.
pub const LATEST: Instant = Instant(7_289_654_399_999);

/// Base units of one amount: 10^30, as for every number here.
pub const AMOUNT: i128 = NUMBER;

/// Digits after the point of an asset: the longest in use is 24 (NEAR); 10 to this still multiplies with an amount's price.
pub const DECIMALS: u8 = 30;

/// Effects of one payload: a payment with its change and a few outputs more, which are refused anyway.
pub const EFFECTS: usize = 256;

/// Transfers of one block that touch wallets of one exchange: a batched payout has thousands of outputs. A block holds fewer.
pub const TRANSFERS: usize = 4_096;

/// Sources of one chain: one bit each.
pub const SOURCES: usize = 32;

/// Groups of one person.
pub const GROUPS: usize = 16;
