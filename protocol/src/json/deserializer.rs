//! The reader as serde's types want it.

use super::key::Key;
use super::{Number, Reader};
use serde::de::value::CowStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The text is not the value that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("not the JSON that was expected")]
pub(crate) struct Malformed;

impl de::Error for Malformed {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

pub(super) type Outcome<T> = Result<T, Malformed>;

/// The methods of kinds of values that are read the same way.
macro_rules! read_as {
    ($($read:ident: $($method:ident)*;)*) => {
        $($(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
                self.$read(visitor)
            }
        )*)*
    };
}

impl<'de> Reader<'de> {
    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Outcome<V::Value> {
        match self.string().ok_or(Malformed)? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Outcome<V::Value> {
        match self.number().ok_or(Malformed)? {
            Number::Whole(value) => visitor.visit_u64(value),
            Number::Negative(value) => visitor.visit_i64(value),
            Number::Float(value) => visitor.visit_f64(value),
        }
    }

    fn visit_word<V: Visitor<'de>>(&mut self, visitor: V) -> Outcome<V::Value> {
        match self.peek().ok_or(Malformed)? {
            b't' => self.word("true").map(|()| visitor.visit_bool(true)),
            b'f' => self.word("false").map(|()| visitor.visit_bool(false)),
            _ => self.word("null").map(|()| visitor.visit_unit()),
        }
        .unwrap_or(Err(Malformed))
    }

    fn visit_array<V: Visitor<'de>>(&mut self, visitor: V) -> Outcome<V::Value> {
        self.open(b'[').ok_or(Malformed)?;
        self.visit_items(b']', |items| visitor.visit_seq(items))
    }

    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Outcome<V::Value> {
        self.open(b'{').ok_or(Malformed)?;
        self.visit_items(b'}', |items| visitor.visit_map(items))
    }

    fn visit_items<T>(
        &mut self,
        bracket: u8,
        visit: impl FnOnce(&mut Items<'_, 'de>) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut items = Items {
            reader: self,
            bracket,
            is_first: true,
            has_ended: false,
        };
        let value = visit(&mut items)?;
        // An array longer than its type is not one.
        match items.has_ended || !items.goes_on()? {
            true => Ok(value),
            false => Err(Malformed),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Malformed;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.peek().ok_or(Malformed)? {
            b'"' => self.visit_string(visitor),
            b'{' => self.visit_object(visitor),
            b'[' => self.visit_array(visitor),
            b'-' | b'0'..=b'9' => self.visit_number(visitor),
            _ => self.visit_word(visitor),
        }
    }

    read_as! {
        deserialize_any: deserialize_ignored_any;
        visit_string: deserialize_str deserialize_string deserialize_char deserialize_identifier deserialize_bytes
            deserialize_byte_buf;
        visit_number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_i8
            deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_f32 deserialize_f64;
        visit_word: deserialize_bool deserialize_unit;
        visit_array: deserialize_seq;
        visit_object: deserialize_map;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.peek().ok_or(Malformed)? {
            b'n' => self
                .word("null")
                .map_or(Err(Malformed), |()| visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.visit_word(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Outcome<V::Value> {
        self.visit_array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Outcome<V::Value> {
        self.visit_array(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        self.visit_object(visitor)
    }

    /// Only of enums whose variants are names: no page reads others.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if self.peek() == Some(b'"') {
            let name = self.string().ok_or(Malformed)?;
            return visitor.visit_enum(CowStrDeserializer::new(name));
        }
        // A variant with content is an object with one field.
        self.open(b'{').ok_or(Malformed)?;
        let value = visitor.visit_enum(&mut *self)?;
        match self.goes_on(b'}', &mut false) {
            Some(false) => Ok(value),
            _ => Err(Malformed),
        }
    }
}

impl<'de> de::EnumAccess<'de> for &mut Reader<'de> {
    type Error = Malformed;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Outcome<(V::Value, Self)> {
        let name = self.string().ok_or(Malformed)?;
        let variant = seed.deserialize(CowStrDeserializer::new(name))?;
        self.eat(b':').ok_or(Malformed)?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Reader<'de> {
    type Error = Malformed;

    fn unit_variant(self) -> Outcome<()> {
        self.value().ok_or(Malformed)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Outcome<T::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Outcome<V::Value> {
        self.visit_array(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        self.deserialize_map(visitor)
    }
}

/// What is left within an array's or an object's brackets.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    bracket: u8,
    is_first: bool,
    has_ended: bool,
}

impl Items<'_, '_> {
    fn goes_on(&mut self) -> Outcome<bool> {
        let goes_on = self.reader.goes_on(self.bracket, &mut self.is_first);
        self.has_ended = goes_on == Some(false);
        goes_on.ok_or(Malformed)
    }
}

impl<'de> de::SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Malformed;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Outcome<Option<T::Value>> {
        match self.goes_on()? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }
}

impl<'de> de::MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = Malformed;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Outcome<Option<K::Value>> {
        match self.goes_on()? {
            true => {
                let key = self.reader.string().ok_or(Malformed)?;
                seed.deserialize(Key(key)).map(Some)
            }
            false => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Outcome<V::Value> {
        self.reader.eat(b':').ok_or(Malformed)?;
        seed.deserialize(&mut *self.reader)
    }
}
