//! Names of companies and people.

use super::{fold, is_han};

/// Legal forms written behind a Chinese name; the longest first, so that one pass takes the whole of it.
const CHINESE_FORMS: [&str; 9] =
    ["有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "集团公司", "总公司", "分公司", "公司", "集团"];

/// Legal forms written behind other names, one word each and without stops.
const WORD_FORMS: [&str; 33] = [
    "co",
    "company",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "llc",
    "llp",
    "lp",
    "plc",
    "pte",
    "pty",
    "pvt",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "ug",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "kk",
    "group",
];

/// The key by which companies count as the same: folded, without legal form, punctuation and blanks.
///
/// Never empty for a name that is not: when nothing would be left, it is the folded name.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    let mut words = words_of(&folded);
    while words.len() > 1 && words.last().is_some_and(|word| WORD_FORMS.contains(&word.as_str())) {
        words.pop();
    }
    let joined = words.concat();
    let key = without_chinese_form(&joined);
    if key.is_empty() { folded } else { key.to_owned() }
}

/// A person's name as it is read: `王小明` when either part is Chinese, else `Ada Lovelace`.
#[must_use]
pub fn display_name(family: &str, given: &str) -> String {
    let (family, given) = (family.trim(), given.trim());
    if family.chars().chain(given.chars()).any(is_han) {
        return format!("{family}{given}");
    }
    [given, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words of a folded name; stops and apostrophes inside a word (`s.a.`, `l'oréal`) do not divide it.
fn words_of(folded: &str) -> Vec<String> {
    let undivided: String = folded.chars().filter(|letter| !matches!(letter, '.' | '\'' | '’')).collect();
    undivided
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_chinese_form(name: &str) -> &str {
    let mut rest = name;
    while let Some(shorter) = CHINESE_FORMS.iter().find_map(|form| rest.strip_suffix(form)) {
        if shorter.is_empty() {
            return rest;
        }
        rest = shorter;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn legal_forms_do_not_tell_companies_apart() {
        for same in
            ["Müller Co., Ltd.", "MÜLLER co ltd", "müller GmbH", "Müller, Inc.", "Ｍüller S.A.", "Müller Pte. Ltd."]
        {
            assert_eq!(name_key(same), "müller", "{same}");
        }
        for same in ["花果山有限公司", "花果山 集团 股份有限公司", "花果山有限责任公司", "花果山"]
        {
            assert_eq!(name_key(same), "花果山", "{same}");
        }
        assert_eq!(name_key("北京（水帘洞）科技有限公司"), "北京水帘洞科技");
    }

    #[test]
    fn a_name_that_is_only_a_form_keeps_it() {
        assert_eq!(name_key("Limited"), "limited");
        assert_eq!(name_key("有限公司"), "有限公司");
        assert_eq!(name_key("!!!"), "!!!");
        assert_eq!(name_key(""), "");
    }

    #[test]
    fn names_are_read_in_the_order_of_their_language() {
        assert_eq!(display_name("王", "小明"), "王小明");
        assert_eq!(display_name("Lovelace", "Ada"), "Ada Lovelace");
        assert_eq!(display_name("", "Ada"), "Ada");
        assert_eq!(display_name("Lovelace", ""), "Lovelace");
    }

    proptest! {
        #[test]
        fn only_nothing_has_no_key(name in "\\PC{0,30}") {
            prop_assert_eq!(name_key(&name).is_empty(), fold(&name).is_empty());
        }
    }
}
