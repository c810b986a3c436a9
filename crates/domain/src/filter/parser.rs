//! Reading the string form. One pass without going back, so the time grows with the length only.

use super::FilterError;
use super::ast::{Arity, Filter, Literal, Op, Operand, is_ident, is_ident_byte, is_reserved};
use super::limits::{self, MAX_BYTES, MAX_NESTING, MAX_VALUES, too_complex};
use super::literal;

/// Operators by their symbols, the longer ones first.
const SYMBOLS: [Op; 10] =
    [Op::Ne, Op::NotContains, Op::Ge, Op::Le, Op::StartsWith, Op::EndsWith, Op::Eq, Op::Gt, Op::Lt, Op::Contains];

/// Reads the string form; nothing but white space means every record.
///
/// # Errors
/// `Syntax` with the byte position, or `TooComplex`.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    if text.len() > MAX_BYTES {
        return too_complex("at most 4096 bytes");
    }
    let mut parser = Parser { text, at: 0, nesting: 0 };
    parser.skip_blanks();
    if parser.rest().is_empty() {
        return Ok(Filter::True);
    }
    let filter = parser.any_of()?;
    parser.skip_blanks();
    if !parser.rest().is_empty() {
        return parser.fail("expected AND, OR or the end");
    }
    limits::enforce(&filter)?;
    Ok(filter)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    nesting: usize,
}

type Parsed<T> = Result<T, FilterError>;

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.all_of()?];
        while self.take_word("OR") {
            parts.push(self.all_of()?);
        }
        Ok(single_or(parts, Filter::Or))
    }

    fn all_of(&mut self) -> Parsed<Filter> {
        let mut parts = vec![self.negation()?];
        while self.take_word("AND") {
            parts.push(self.negation()?);
        }
        Ok(single_or(parts, Filter::And))
    }

    fn negation(&mut self) -> Parsed<Filter> {
        if !self.take_word("NOT") {
            return self.primary();
        }
        if self.peeks_word("NOT") {
            return self.fail("expected a test or brackets");
        }
        Ok(Filter::Not(Box::new(self.primary()?)))
    }

    fn primary(&mut self) -> Parsed<Filter> {
        if self.take("(") { self.inside_brackets() } else { self.test() }
    }

    /// What follows an opening bracket, up to and with the closing one.
    fn inside_brackets(&mut self) -> Parsed<Filter> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return too_complex("too many brackets inside one another");
        }
        let filter = self.any_of()?;
        self.expect(")")?;
        self.nesting -= 1;
        Ok(filter)
    }

    fn test(&mut self) -> Parsed<Filter> {
        let path = self.path()?;
        if self.take_word("ANY") {
            self.expect("(")?;
            return Ok(Filter::Any { path, filter: Box::new(self.inside_brackets()?) });
        }
        let op = self.op()?;
        let value = self.operand(op)?;
        Ok(Filter::Test { path, op, value })
    }

    fn path(&mut self) -> Parsed<Vec<String>> {
        self.skip_blanks();
        let mut path = Vec::new();
        loop {
            let ident = self.take_while(|letter| u8::try_from(letter).is_ok_and(is_ident_byte));
            if !is_ident(ident, path.len()) {
                return self.fail("expected the name of a field");
            }
            path.push(ident.to_owned());
            if !self.take_here(".") {
                return Ok(path);
            }
        }
    }

    fn op(&mut self) -> Parsed<Op> {
        if let Some(op) = SYMBOLS.into_iter().find(|op| self.take(op.symbol())) {
            return Ok(op);
        }
        if self.take_word("IS") {
            return self.is_test();
        }
        if self.take_word("HAS") {
            return self.has_test();
        }
        if self.take_word("BETWEEN") {
            return Ok(Op::Between);
        }
        let is_negated = self.take_word("NOT");
        if self.take_word("IN") {
            return Ok(if is_negated { Op::NotIn } else { Op::In });
        }
        self.fail("expected an operator such as = or IN")
    }

    fn is_test(&mut self) -> Parsed<Op> {
        let is_negated = self.take_word("NOT");
        match (self.take_word("NULL"), is_negated) {
            (true, false) => Ok(Op::IsNull),
            (true, true) => Ok(Op::IsNotNull),
            (false, _) if !self.take_word("EMPTY") => self.fail("expected NULL or EMPTY"),
            (false, false) => Ok(Op::IsEmpty),
            (false, true) => Ok(Op::IsNotEmpty),
        }
    }

    fn has_test(&mut self) -> Parsed<Op> {
        let found = [("ANY", Op::HasAny), ("ALL", Op::HasAll), ("NONE", Op::HasNone)]
            .into_iter()
            .find(|(word, _)| self.take_word(word));
        match found {
            Some((_, op)) => Ok(op),
            None => self.fail("expected ANY, ALL or NONE"),
        }
    }

    fn operand(&mut self, op: Op) -> Parsed<Operand> {
        match op.arity() {
            Arity::Nothing => Ok(Operand::None),
            Arity::One => self.value().map(Operand::One),
            Arity::List => self.list().map(Operand::List),
            Arity::Two => {
                let low = self.value()?;
                if !self.take_word("AND") {
                    return self.fail("expected AND");
                }
                Ok(Operand::Range(low, self.value()?))
            }
        }
    }

    fn list(&mut self) -> Parsed<Vec<Literal>> {
        self.expect("(")?;
        let mut values = vec![self.value()?];
        while self.take(",") {
            if values.len() >= MAX_VALUES {
                return too_complex("at most 200 values in a list");
            }
            values.push(self.value()?);
        }
        self.expect(")")?;
        Ok(values)
    }

    fn value(&mut self) -> Parsed<Literal> {
        self.skip_blanks();
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote).map(Literal::Text),
            Some('@') => self.macro_value(),
            _ => self.bare(),
        }
    }

    /// A quoted text; inside, a quote is doubled or stands behind a backslash.
    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let start = self.at;
        let mut letters = self.rest().char_indices().skip(1).peekable();
        let mut text = String::new();
        while let Some((offset, letter)) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some((_, escaped)) => text.push(unescape(escaped)),
                    None => break,
                },
                _ if letter == quote && letters.next_if(|(_, next)| *next == quote).is_some() => {
                    text.push(quote);
                }
                _ if letter == quote => {
                    self.at = start + offset + 1;
                    return Ok(text);
                }
                _ => text.push(letter),
            }
        }
        self.fail("this quotation does not end")
    }

    fn macro_value(&mut self) -> Parsed<Literal> {
        match literal::leading_macro(self.rest()) {
            Some((found, length)) => {
                self.at += length;
                Ok(Literal::Macro(found))
            }
            None => self.fail("unknown macro"),
        }
    }

    fn bare(&mut self) -> Parsed<Literal> {
        let start = self.at;
        let word = self.take_while(|letter| letter.is_alphanumeric() || "_-.:+/@".contains(letter));
        if word.is_empty() || is_reserved(word) {
            self.at = start;
            return self.fail("expected a value");
        }
        Ok(literal::from_word(word))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Takes a symbol when it comes next, behind blanks.
    fn take(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        self.take_here(symbol)
    }

    /// Takes a symbol when it stands right here.
    fn take_here(&mut self, symbol: &str) -> bool {
        let is_next = self.rest().starts_with(symbol);
        if is_next {
            self.at += symbol.len();
        }
        is_next
    }

    /// Takes a keyword, in any case, when it comes next and ends there.
    fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.peeks_word(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    fn peeks_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let rest = self.rest();
        let is_word = rest.get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word));
        is_word && !rest.as_bytes().get(word.len()).copied().is_some_and(is_ident_byte)
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.take(symbol) { Ok(()) } else { self.fail(&format!("expected {symbol}")) }
    }

    fn fail<T>(&self, message: &str) -> Parsed<T> {
        Err(FilterError::Syntax { at: self.at, message: message.to_owned() })
    }
}

fn single_or(mut parts: Vec<Filter>, level: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        1 => parts.pop().unwrap_or(Filter::True),
        _ => level(parts),
    }
}

fn unescape(letter: char) -> char {
    match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    }
}
