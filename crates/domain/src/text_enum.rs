//! One small macro for closed sets of words, so that every set reads and prints itself the same way.

/// Declares an enum whose variants are words of the interface: `as_str`, `parse`, `ALL`, `NAMES` and `Display`.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant ),+ }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The words of every member, in the same order.
            pub const NAMES: &'static [&'static str] = &[ $( $text ),+ ];

            /// The word as it is stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text ),+ }
            }

            /// Reads the word; `None` when it is not one of the set.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $( $text => Some(Self::$variant), )+ _ => None }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use text_enum;

#[cfg(test)]
mod tests {
    use crate::customer::Level;

    #[test]
    fn every_word_reads_back() {
        assert_eq!(Level::ALL.len(), 4);
        for level in Level::ALL {
            assert_eq!(Level::parse(level.as_str()), Some(*level));
            assert_eq!(level.to_string(), level.as_str());
        }
    }

    #[test]
    fn case_and_strangers_are_refused() {
        assert_eq!(Level::parse("a"), None);
        assert_eq!(Level::parse(""), None);
        assert_eq!(Level::parse("E"), None);
    }
}
