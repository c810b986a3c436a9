//! Names by sound: pinyin in full and by its initials, from every syllable on.

use super::runs::{self, Class, Run};
use super::{MAX_WORD, cut, distinct};
use crate::text::plain_reading;
use pinyin::ToPinyinMulti;

/// How many syllables behind a start are tried in all their readings: by initials, and in full.
const VARIED_INITIALS: usize = 4;
const VARIED_SYLLABLES: usize = 2;
/// Most readings of one letter that are tried, and most variants of one start that are kept.
const MAX_READINGS: usize = 3;
const MAX_VARIANTS: usize = 8;

/// What one letter, or one Latin word, sounds like.
struct Syllable {
    full: Vec<String>,
    initials: Vec<String>,
}

/// The sounds of a folded name with Han letters, the most likely readings first; nothing for other names.
///
/// Latin words between Han letters sound as they stand, so `abc科技` is found by `abckj`. A digit ends a sound, because
/// queries are divided there.
pub(super) fn readings(name: &str) -> Vec<String> {
    let runs = runs::split(name);
    let phrases: Vec<Vec<Syllable>> = runs
        .split(|run| run.class == Class::Digits)
        .filter(|phrase| phrase.iter().any(|run| run.class == Class::Han))
        .map(|phrase| phrase.iter().flat_map(syllables_of).collect())
        .collect();
    let likely = phrases.iter().flat_map(|phrase| sounds(phrase, (0, 0)));
    let others = phrases.iter().flat_map(|phrase| sounds(phrase, (VARIED_INITIALS, VARIED_SYLLABLES)));
    distinct(likely.chain(others).collect())
}

fn syllables_of(run: &Run) -> Vec<Syllable> {
    match run.class {
        Class::Han => run.text.chars().filter_map(syllable).collect(),
        Class::Letters | Class::Digits => {
            vec![Syllable { full: vec![run.text.clone()], initials: vec![run.text.clone()] }]
        }
    }
}

/// The readings of a Han letter without tones, the most frequent first; `None` for kana.
fn syllable(letter: char) -> Option<Syllable> {
    let readings = letter.to_pinyin_multi()?.into_iter().map(plain_reading).collect();
    let mut full = distinct(readings);
    full.truncate(MAX_READINGS);
    let initials = distinct(full.iter().map(|reading| cut(reading, 1)).collect());
    Some(Syllable { full, initials })
}

/// The sounds from every syllable on, with so many syllables in all their readings.
fn sounds(phrase: &[Syllable], (varied_initials, varied_full): (usize, usize)) -> Vec<String> {
    let initials: Vec<&[String]> = phrase.iter().map(|syllable| syllable.initials.as_slice()).collect();
    let full: Vec<&[String]> = phrase.iter().map(|syllable| syllable.full.as_slice()).collect();
    let mut found = Vec::new();
    for start in 0..phrase.len() {
        found.extend(combine(initials.get(start..).unwrap_or_default(), varied_initials));
        found.extend(combine(full.get(start..).unwrap_or_default(), varied_full));
    }
    found
}

/// Joins syllables: every reading of the first `varied`, the most frequent one of the rest.
fn combine(syllables: &[&[String]], varied: usize) -> Vec<String> {
    let mut joined = vec![String::new()];
    for (position, readings) in syllables.iter().enumerate() {
        if joined.iter().all(|text| text.chars().count() >= MAX_WORD) {
            break;
        }
        let choices = if position < varied { readings.len() } else { 1 };
        joined = joined
            .iter()
            .flat_map(|text| readings.iter().take(choices).map(move |reading| format!("{text}{reading}")))
            .take(MAX_VARIANTS)
            .collect();
    }
    joined.iter().map(|text| cut(text, MAX_WORD)).filter(|text| !text.is_empty()).collect()
}
