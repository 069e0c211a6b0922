//! Which exchange a company is, by its name. Companies write their legal form before, behind, in brackets or not at all.

use std::collections::BTreeMap;

/// The companies behind the exchanges of `data/kr/exchanges.csv`, without their legal form.
const KNOWN: [(&str, &str); 12] = [
    ("두나무", "upbit"),
    ("dunamu", "upbit"),
    ("빗썸", "bithumb"),
    ("빗썸코리아", "bithumb"),
    ("bithumb", "bithumb"),
    ("코인원", "coinone"),
    ("coinone", "coinone"),
    ("코빗", "korbit"),
    ("korbit", "korbit"),
    ("스트리미", "gopax"),
    ("streami", "gopax"),
    ("고팍스", "gopax"),
];

/// Legal forms that stand in a name.
const FORMS: [&str; 4] = ["(주)", "㈜", "주식회사", "（주）"];

/// The exchange of a company: as the caller says, or else as is known here.
pub(super) fn exchange(name: &str, said: &BTreeMap<String, String>) -> Option<String> {
    let name = plain(name);
    let said = said.iter().find(|(company, _)| plain(company) == name).map(|(_, exchange)| exchange.clone());
    said.or_else(|| KNOWN.iter().find(|(company, _)| *company == name).map(|(_, exchange)| (*exchange).to_owned()))
}

/// A name without legal form, spaces and case.
pub(super) fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    FORMS.iter().fold(name, |name, form| name.replace(form, "")).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, exchange_is: Option<&str>) {
        let said = BTreeMap::from([("(주)가나다거래소".to_owned(), "kanada".to_owned())]);
        assert_eq!(exchange(name, &said).as_deref(), exchange_is, "{name}");
    }

    #[test]
    fn names() {
        for name in ["두나무", "두나무(주)", "(주)두나무", "㈜ 두나무", "두나무 주식회사", "주식회사  두나무", "DUNAMU"]
        {
            check(name, Some("upbit"));
        }
        check("주식회사 빗썸코리아", Some("bithumb"));
        check("스트리미", Some("gopax"));
        check("가나다 거래소 주식회사", Some("kanada"));
        check("두나무투자일임", None);
        check("", None);
    }
}
