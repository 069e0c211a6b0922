//! How much an import reads, in one place, each limit with its reason. A file beyond one is refused before it is held in
//! memory.

/// Bytes of a file: a year of facts of an exchange (200 subjects × 365 days × 300 bytes = 22 MB) with room to spare, and
/// small enough that file, cells and facts together stay under 1 GB.
pub const FILE: u64 = 64 << 20;

/// Bytes of all parts of a workbook unpacked: sheets shrink to a tenth or less, and a crafted one to a thousandth.
pub const UNPACKED: u64 = 256 << 20;

/// Columns of a table: the widest form here has 30; a sheet may claim 16,384 for a stray cell.
pub const COLUMNS: usize = 256;

/// Mistakes that are listed: a person mends no more at once, and junk of 64 MB may have a million.
pub const ERRORS: usize = 1_000;

/// Characters of a cell that a message shows: enough to find it.
pub const SHOWN: usize = 80;

/// Cells of a table: twice the 200 subjects × 365 days × 20 columns of a year; 24 bytes each before their text.
pub const CELLS: usize = 3_000_000;
