//! Changes of inputs, drawn from a seed.

/// A small generator (xorshift): the same seed, the same changes.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A generator from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`; 0 for 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// The longest input that is made.
const LONGEST: usize = 4096;
const BYTES: &[u8] =
    &[0, 1, 9, 10, 13, 32, 34, 39, 40, 44, 45, 46, 47, 58, 64, 91, 92, 123, 127, 128, 192, 224, 240, 255];

/// Another input, out of one of the corpus: a few bytes changed, taken out, doubled, words put in, two inputs joined.
#[must_use]
pub fn mutate(dice: &mut Dice, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = dice.of(corpus).cloned().unwrap_or_default();
    for _ in 0..=dice.below(4) {
        change(dice, &mut input, corpus, words);
        input.truncate(LONGEST);
    }
    input
}

fn change(dice: &mut Dice, input: &mut Vec<u8>, corpus: &[Vec<u8>], words: &[&str]) {
    let place = dice.below(input.len() + 1);
    let end = place + dice.below((input.len() - place).min(32) + 1);
    match dice.below(7) {
        0 => {
            if let Some(byte) = input.get_mut(place) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            let byte = dice.of(BYTES).copied().unwrap_or_default();
            input.insert(place, byte);
        }
        2 => drop(input.drain(place..end)),
        3 => {
            let part: Vec<u8> = input.get(place..end).unwrap_or_default().to_vec();
            input.splice(place..place, part);
        }
        4 | 5 => {
            let word = dice.of(words).copied().unwrap_or_default();
            input.splice(place..if dice.below(2) == 0 { place } else { end }, word.bytes());
        }
        _ => {
            let other = dice.of(corpus).cloned().unwrap_or_default();
            let from = dice.below(other.len() + 1);
            input.truncate(place);
            input.extend(other.into_iter().skip(from));
        }
    }
}
