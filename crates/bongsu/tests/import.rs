//! Files into facts: what is read, and what is said of a file that is wrong. `data/kr/kisa-made-up-2025.csv` is made up.

use bongsu::import::{Import, Options, RowError, family::FAMILIES, read, read_with};
use kernel::fact::{Figure, FigureValue, Observation};
use std::path::{Path, PathBuf};

const LONG: &str = "exchange,subject,word,at,value,unit,source,confidence,note";

/// Writes a file that only this test uses.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/kr").join(name)
}

fn said(errors: &[RowError]) -> String {
    errors.iter().map(|error| format!("{error} [{}]\n", error.code)).collect()
}

/// What is said of a file, every mistake a line.
fn check(name: &str, content: impl AsRef<[u8]>, says: &str) {
    let errors = read(&file(name, content), None).err().unwrap_or_default();
    assert_eq!(said(&errors), says, "{name}");
}

fn figures(import: &Import) -> Vec<&Figure> {
    let figures = import.rows.iter().filter_map(|row| match &row.observation {
        Observation::Figure(figure) => Some(figure),
        _ => None,
    });
    figures.collect()
}

/// A figure as text: `exchange subject word at value`.
fn shown(figure: &Figure) -> String {
    let value = match &figure.value {
        FigureValue::Number(number, currency) => format!("{} {}", number.number(), currency.map_or("", |c| c.name())),
        FigureValue::Happened { by, amount: None } => format!("happened {}", by.as_deref().unwrap_or_default()),
        other => format!("{other:?}"),
    };
    let subject = figure.subject.as_ref().map_or(String::new(), |name| format!("{}/{} ", name.kind, name.name));
    let zone = rulebook::time::Zone::get("Asia/Seoul").unwrap();
    format!("{} {subject}{} {}: {}", figure.exchange, figure.word, zone.show(figure.at), value.trim())
}

fn check_figures(name: &str, content: &str, says: &[&str]) {
    let import =
        read_with(&file(name, content), &Options::default()).unwrap_or_else(|e| panic!("{name}: {}", said(&e)));
    assert_eq!(figures(&import).into_iter().map(shown).collect::<Vec<_>>(), says, "{name}");
}

#[test]
fn published_files() {
    for (name, rows) in [("figures.csv", 261), ("exchanges.csv", 5)] {
        let read = read(&data(name), None).unwrap_or_else(|errors| panic!("{}", said(&errors)));
        let lines = std::fs::read_to_string(data(name)).unwrap().lines().count() - 1;
        assert_eq!(read.len(), lines, "{name}");
        assert!(read.len() >= rows, "{name}");
    }
}

#[test]
fn bad_rows() {
    for (name, row, says) in [
        (
            "won.csv",
            "upbit,,reserve,2025-04-30,9.9,won,,,",
            "won.csv row 2, column unit: `won` — expected an amount in KRW, such as 3 bn KRW (hint: `bongsu words` lists each word's unit; write `missing` for what is not known) [wrong-unit]\n",
        ),
        (
            "unit.csv",
            "upbit,,reserve,2025-04-30,yes,event,,,",
            "unit.csv row 2, column unit: `event` — expected an amount in KRW, such as 3 bn KRW (hint: `reserve` is in KRW) [wrong-unit]\n",
        ),
        (
            "commas.csv",
            "upbit,,reserve,2025-04-30,\"3,000\",KRW,,,",
            "commas.csv row 2, column value: `3,000` — expected an amount in KRW, such as 3 bn KRW (hint: write numbers without commas) [wrong-value]\n",
        ),
        (
            "trailing.csv",
            "upbit,,reserve,2025-04-30,3 KRW or so,,,,",
            "trailing.csv row 2, column value: `3 KRW or so` — expected an amount in KRW, such as 3 bn KRW (hint: `bongsu words` lists each word's unit; write `missing` for what is not known) [wrong-value]\n",
        ),
        (
            "negative.csv",
            "upbit,,staff,2025-04-30,-3,person,,,",
            "negative.csv row 2, column value: `-3` — expected a value of unit `person`, 0 or more (hint: check the sign) [negative]\n",
        ),
        (
            "date.csv",
            "upbit,,staff,2250-01-01,3,person,,,",
            "date.csv row 2, column at: `2250-01-01` — expected a date from 1900 to 2200 such as 2025-04-30, or with a time, 2025-04-30 09:00 (hint: a date is its last instant in Seoul) [wrong-date]\n",
        ),
        (
            "day.csv",
            "upbit,,staff,30.04.2025,3,person,,,",
            "day.csv row 2, column at: `30.04.2025` — expected a date from 1900 to 2200 such as 2025-04-30, or with a time, 2025-04-30 09:00 (hint: a date is its last instant in Seoul) [wrong-date]\n",
        ),
        (
            "word.csv",
            "upbit,,stuff,2025-04-30,3,person,,,",
            "word.csv row 2, column word: `stuff` — expected a word of the list (hint: did you mean `staff`?) [unknown-word]\n",
        ),
        (
            "subject.csv",
            "upbit,c1,executive,2025-04-30,yes,yes/no,,,",
            "subject.csv row 2, column subject: `c1` — expected kind/name, such as ciso/c1 (hint: leave it empty for the exchange itself) [wrong-value]\n",
        ),
        (
            "kind.csv",
            "upbit,wallet/w,executive,2025-04-30,yes,yes/no,,,",
            "kind.csv row 2, column subject: `wallet` — expected a subject of the kind `ciso` (hint: name what the value belongs to) [wrong-subject]\n",
        ),
        (
            "other.csv",
            "upbit,asset/BTC,held,2025-04-30,3,ETH,,,",
            "other.csv row 2, column unit: `ETH` — expected a quantity of BTC, such as 12.5 BTC (hint: another asset's quantity belongs to that asset) [wrong-unit]\n",
        ),
        (
            "share.csv",
            "upbit,,published_cold_share,2025-04-30,9830,%,,,",
            "share.csv row 2, column value: `9830` — expected a share of at most 1,000 %, as a fraction (80 % is 4/5) (hint: divide a percentage by 100) [too-large]\n",
        ),
        (
            "blank.csv",
            "upbit,,staff,2025-04-30,,person,,,",
            "blank.csv row 2, column value: `` — expected a text, found an empty cell (hint: blank is never zero; write `missing` for what is not known) [empty]\n",
        ),
        (
            "event.csv",
            "upbit,,licensed,2025-04-30,no,event,,,",
            "event.csv row 2, column value: `no` — expected yes, none or missing (hint: an event that did not happen is `none`) [wrong-value]\n",
        ),
        (
            "who.csv",
            "upbit,incident/i,reported,2025-04-30,yes,event,,,",
            "who.csv row 2, column value: `yes` — expected whom the event names, such as fss, or none or missing (hint: name whom, such as `fss`) [wrong-value]\n",
        ),
        (
            "sure.csv",
            "upbit,,staff,2025-04-30,3,person,,very,",
            "sure.csv row 2, column confidence: `very` — expected low, medium, high or derived (hint: leave it empty where nobody said) [wrong-value]\n",
        ),
        (
            "wide.csv",
            "upbit,,staff,2025-04-30,3,person,a,b,c,d",
            "wide.csv row 2 — expected 9 cells, found 10 (hint: put a text that holds a comma in quotation marks) [too-wide]\n",
        ),
    ] {
        check(name, format!("{LONG}\n{row}\n"), says);
    }
}

#[test]
fn all_bad_rows_at_once() {
    let rows = "upbit,,staff,2025-04-30,-3,person,,,\nupbit,,staff,2025-05-31,3,person,,,\nupbit,,stuff,tomorrow,3,person,,,\nupbit,,staff,2025-05-31,4,person,,,\n";
    check(
        "several.csv",
        format!("{LONG}\n{rows}"),
        "several.csv row 2, column value: `-3` — expected a value of unit `person`, 0 or more (hint: check the sign) [negative]\n\
        several.csv row 4, column word: `stuff` — expected a word of the list (hint: did you mean `staff`?) [unknown-word]\n\
        several.csv row 4, column at: `tomorrow` — expected a date from 1900 to 2200 such as 2025-04-30, or with a time, 2025-04-30 09:00 (hint: a date is its last instant in Seoul) [wrong-date]\n\
        several.csv row 5, column value: `4` — expected one value of `staff` at a time; row 3 says `3` (hint: keep one of the two) [contradiction]\n",
    );
    let junk = "x\n".repeat(5_000);
    let errors = read(&file("junk.jsonl", junk), None).unwrap_err();
    assert_eq!((errors.len(), errors.last().unwrap().code), (1_001, "too-many"));
}

#[test]
fn bad_headers() {
    for (name, header, says) in [
        (
            "lacks.csv",
            "exchange,word,value,unit",
            "lacks.csv row 1 — expected the header of a facts table; missing: at (hint: `bongsu template facts` prints an empty sheet; `bongsu words` lists the words) [wrong-header]\n",
        ),
        (
            "misspelt.csv",
            "exchange,at,staf",
            "misspelt.csv row 1 — expected the header of a table with a word in each column; not known: staf (hint: `staf`: did you mean `staff`?) [wrong-header]\n",
        ),
        (
            "twice.csv",
            "exchange,at,staff,staff",
            "twice.csv row 1 — expected each column once, found `staff` twice (hint: rename or delete one) [wrong-header]\n",
        ),
    ] {
        check(name, format!("{header}\n"), says);
    }
}

#[test]
fn bad_files() {
    let file_says = |name: &str, content: &[u8], code: &str| {
        let errors = read(&file(name, content), None).unwrap_err();
        assert!(errors.len() == 1 && errors[0].is_unreadable() && errors[0].code == code, "{name}: {}", said(&errors));
    };
    file_says("empty.csv", b"", "empty");
    file_says("text.xlsx", b"exchange,at\n", "not-a-workbook");
    file_says("cut.xlsx", b"PK\x03\x04 and no more", "not-a-workbook");
    file_says("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-workbook");
    file_says("cp949.csv", b"exchange,\xb0\xa1\xb3\xaa\n", "not-utf-8");
    file_says("zeros.csv", &[0; 64], "not-text");
    file_says("commas.bin.csv", ",".repeat(300).as_bytes(), "too-wide");
    let gone = read(Path::new("no-such-file.csv"), None).unwrap_err();
    assert!(gone[0].is_unreadable(), "{}", said(&gone));
    // A hole of 500 MB: its size alone refuses it.
    let large = file("large.csv", "");
    std::fs::File::options().write(true).open(&large).unwrap().set_len(500 << 20).unwrap();
    assert_eq!(
        said(&read(&large, None).unwrap_err()),
        "large.csv — expected at most 64 MB, found 500 MB or more (hint: split the file; what is imported already is known and not written twice) [too-large]\n"
    );
}

#[test]
fn lines() {
    check_figures(
        "good.jsonl",
        r#"{"fact":"figure","exchange":"upbit","subject":"ciso/c1","word":"executive","at":"2025-04-30","value":"yes"}

{"fact":"figure","exchange":"upbit","word":"reserve","at":"2025-04-30 09:00","value":"48.3 bn KRW","source":"s","confidence":"high","grade":"declared","corrects":123}
{"fact":"exchange","id":"upbit","name_en":"Upbit","name_ko":"업비트"}
{"fact":"subject","exchange":"upbit","subject":"ciso/c1","from":"2024-01-01","refers":[]}
{"fact":"roster","exchange":"upbit","kind":"ciso"}
{"fact":"judgement","exchange":"upbit","judgement":"kr.vaupa.urgent_need","answer":"no","reasons":"r","by":"p1","at":"2025-04-30"}"#,
        &["upbit ciso/c1 executive 2025-04-30: Truth(true)", "upbit reserve 2025-04-30 09:00: 48300000000"],
    );
    for (name, line, says) in [
        (
            "float.jsonl",
            r#"{"fact":"figure","exchange":"u","word":"reserve","at":"2025-04-30","value":48.3}"#,
            "float.jsonl row 1, column value: `48.3` — expected an amount in KRW, such as 3 bn KRW (hint: write it as text with its unit, such as \"48.3 bn KRW\": a JSON number may be rounded on its way) [not-a-text]\n",
        ),
        (
            "field.jsonl",
            r#"{"fact":"roster","exchange":"u","kind":"ciso","x":1}"#,
            "field.jsonl row 1 — expected a fact: unknown field `x`, expected `exchange` or `kind` (hint: the facts are exchange, subject, roster, figure, judgement, notice and remark) [wrong-line]\n",
        ),
        (
            "kind.jsonl",
            r#"{"fact":"roster","exchange":"u","kind":"horse"}"#,
            "kind.jsonl row 1, column kind: `horse` — expected one of asset, custodian, blocking, abnormal_trade, unfair_trade, order, payout, registration_change, transfer, ciso, incident, msit_order, withdrawal, outflow, destination, wallet, customer, chain, ledger, exposure, change, loss, address, transaction, hit_service, hit_resource, cause, vendor, system, capital_event (hint: name a kind of the word list) [unknown-kind]\n",
        ),
    ] {
        check(name, line, says);
    }
}

#[test]
fn wide_tables() {
    check_figures(
        "staffing.csv",
        "exchange,at,staff,it_staff,source\n# id,date,person,person,text\nupbit,2025-04-30,671,62.4 person,\nupbit,2025-05-31,missing,,\n",
        &["upbit staff 2025-04-30: 671", "upbit it_staff 2025-04-30: 62.4", "upbit staff 2025-05-31: Missing"],
    );
    check_figures(
        "asset.csv",
        "exchange,asset,at,held,krw_price\nupbit,BTC,2025-04-30,12.5,90 million\n",
        &["upbit asset/BTC held 2025-04-30: 12.5", "upbit asset/BTC krw_price 2025-04-30: 90000000"],
    );
    check_figures(
        "incident.csv",
        "exchange,incident,at,occurred,breach,reported\nupbit,i1,2025-11-27,2025-11-27 04:42,yes,kisa; fss 2025-11-27 10:58\n",
        &[
            "upbit incident/i1 occurred 2025-11-27 04:42: happened",
            "upbit incident/i1 breach 2025-11-27: Truth(true)",
            "upbit incident/i1 reported 2025-11-27: happened kisa",
            "upbit incident/i1 reported 2025-11-27 10:58: happened fss",
        ],
    );
    check(
        "bare.csv",
        "exchange,at,published_cold_share\nupbit,2025-04-30,0.983\n",
        "bare.csv row 2, column published_cold_share: `0.983` — expected a share, such as 98.3 % (hint: a share is written with its sign) [wrong-unit]\n",
    );
}

/// Every template is read back, as text and as a workbook.
#[test]
fn templates() {
    for family in &FAMILIES {
        for ending in ["csv", "xlsx"] {
            let path = file(&format!("template-{}.{ending}", family.name), "");
            std::fs::remove_file(&path).unwrap();
            assert_eq!(bongsu::command::template::run(Some(family.name), Some(&path), bongsu::lang::Lang::En), 0);
            assert_eq!(read(&path, None).map_err(|e| said(&e)), Ok(Vec::new()), "{}", path.display());
        }
    }
}

/// What the made-up list says of one company.
fn check_company(path: &Path, company: &str, says: &[&str], warnings: usize) {
    let options = Options { companies: [(company.to_owned(), "made-up".to_owned())].into(), ..Options::default() };
    let import = read_with(path, &options).unwrap_or_else(|e| panic!("{}", said(&e)));
    assert_eq!(figures(&import).into_iter().map(shown).collect::<Vec<_>>(), says, "{company}");
    assert_eq!((import.skipped, import.warnings.len()), (7, warnings), "{company}: {}", said(&import.warnings));
}

fn made_up(path: &Path) {
    let head = [
        "made-up business_year_end 2024-12-31: happened",
        "made-up disclosed_year_end 2024-12-31: happened",
        "made-up security_disclosed 2024-12-31: Missing",
    ];
    let with = |rest: &[&'static str]| [&head[..], rest].concat();
    check_company(
        path,
        "가나다거래소",
        &with(&[
            "made-up disclosed_it_spend 2024-12-31: 92000000000",
            "made-up disclosed_security_spend 2024-12-31: 9200000000",
            "made-up disclosed_staff 2024-12-31: 449",
            "made-up disclosed_it_staff 2024-12-31: 210.5",
            "made-up disclosed_security_staff 2024-12-31: 31",
            "made-up ciso/disclosed executive 2024-12-31: Truth(true)",
            "made-up ciso/disclosed other_posts 2024-12-31: None",
            "made-up isms_certified 2024-12-31: Truth(true)",
        ]),
        0,
    );
    // A zero beside `see attachment` is unknown; a true zero stays.
    check_company(
        path,
        "사아자",
        &with(&[
            "made-up disclosed_it_spend 2024-12-31: Missing",
            "made-up disclosed_security_spend 2024-12-31: Missing",
            "made-up disclosed_staff 2024-12-31: Missing",
            "made-up disclosed_it_staff 2024-12-31: Missing",
            "made-up disclosed_security_staff 2024-12-31: Missing",
            "made-up ciso/disclosed executive 2024-12-31: Truth(true)",
            "made-up ciso/disclosed other_posts 2024-12-31: None",
            "made-up isms_certified 2024-12-31: Truth(true)",
        ]),
        0,
    );
    check_company(
        path,
        "차카타",
        &with(&[
            "made-up disclosed_it_spend 2024-12-31: 150000000",
            "made-up disclosed_security_spend 2024-12-31: 0",
            "made-up disclosed_staff 2024-12-31: 18.5",
            "made-up disclosed_it_staff 2024-12-31: 2",
            "made-up disclosed_security_staff 2024-12-31: 0",
            "made-up ciso/disclosed executive 2024-12-31: Truth(true)",
            "made-up ciso/disclosed other_posts 2024-12-31: Missing",
        ]),
        0,
    );
    let options = Options { all: true, ..Options::default() };
    let import = read_with(path, &options).unwrap();
    assert_eq!(import.skipped, 0);
    let name = path.file_name().unwrap().to_string_lossy();
    let warnings: Vec<String> =
        import.warnings.iter().map(|w| format!("{} {} {}", w.place.row, w.code, w.expected)).collect();
    assert_eq!(
        warnings,
        [
            "6 ratio-disagrees the list says 14 %, its figures 4 / 33.3 give 12.01 %",
            "9 unsure-certificate names ISMS-P, but as preliminary, planned or ended: no certificate was recorded",
        ],
        "{name}"
    );
}

#[test]
fn the_made_up_list_as_text() {
    let path = data("kisa-made-up-2025.csv");
    made_up(&path);
    let marked = [b"\xef\xbb\xbf".to_vec(), std::fs::read(path).unwrap()].concat();
    made_up(&file("kisa-marked.csv", marked));
}

/// As published: money and heads are numbers of the spreadsheet, not texts.
#[test]
fn the_made_up_list_as_a_workbook() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("2025").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(data("kisa-made-up-2025.csv")).unwrap();
    for (row, record) in (0u32..).zip(reader.records()) {
        for (column, cell) in (0u16..).zip(record.unwrap().iter()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    made_up(&file("kisa.xlsx", book.save_to_buffer().unwrap()));
}

#[test]
fn security_above_it_is_a_warning() {
    let text =
        std::fs::read_to_string(data("kisa-made-up-2025.csv")).unwrap().replace(",9200000000.0,", ",92000000001.0,");
    let options =
        Options { companies: [("가나다거래소".to_owned(), "x".to_owned())].into(), ..Options::default() };
    let import = read_with(&file("above.csv", text), &options).unwrap();
    let codes: Vec<&str> = import.warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["ratio-disagrees", "above-the-whole"]);
}
