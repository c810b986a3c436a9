//! Fields of a merge patch (RFC 7396): left out, cleared and set are three different things.

use serde::{Deserialize, Deserializer};

/// A field that may be left out but not cleared: `null` does not fit its type.
///
/// # Errors
/// When the value does not fit.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    T::deserialize(reader).map(Some)
}

/// A field that may be left out (`None`), cleared (`Some(None)`) or set.
///
/// # Errors
/// When the value does not fit.
pub fn clearable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(reader).map(Some)
}
