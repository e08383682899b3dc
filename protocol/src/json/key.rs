//! Keys of objects.

use super::deserializer::{Malformed, Outcome};
use serde::de::value::CowStrDeserializer;
use serde::de::{Deserializer, Visitor};
use std::borrow::Cow;

/// A key of an object: a text, which may stand for a number.
pub(super) struct Key<'de>(pub(super) Cow<'de, str>);

/// The methods of numbers, which are read from texts.
macro_rules! parse_as {
    ($($method:ident $visit:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
                visitor.$visit(self.0.parse().map_err(|_| Malformed)?)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Malformed;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        visitor.visit_enum(CowStrDeserializer::new(self.0))
    }

    parse_as! {
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
    }

    serde::forward_to_deserialize_any! {
        bool u128 i128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
