//! The colours of `style/_tokens.scss` at dusk, as SVG knows them. A test compares.

/// The sky, from its height down to the horizon.
pub(super) const SKY: [&str; 4] = ["#0b082c", "#21144e", "#512668", "#82363f"];
/// What shines over the horizon.
pub(super) const HAZE: &str = "#f6ab6b";
/// The birds behind the words.
pub(super) const FLOCK: &str = "#fae1b8";
/// The land, from north to south.
pub(super) const LAND: [&str; 2] = ["#453d7a", "#7f3e7a"];
/// What is said.
pub(crate) const INK: &str = "#fffaeb";
/// What is said beside it.
pub(crate) const INK_SOFT: &str = "#c6c3e0";
/// What stands out.
pub(crate) const ACCENT: &str = "#ffc469";
/// A light's middle.
pub(super) const LIGHT_CORE: &str = "#ffe8a5";
/// What shines around it.
pub(super) const LIGHT_GLOW: &str = "#ffc26b";
/// A light that is out.
pub(super) const LIGHT_ASLEEP: &str = "#9794b6";

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../../style/_tokens.scss");

    /// A token's second colour, by Björn Ottosson's matrices.
    fn at_dusk(token: &str) -> String {
        let (_, colours) = TOKENS
            .split_once(&format!("--{token}: light-dark("))
            .unwrap();
        let (_, dusk) = colours.split_once("), oklch(").unwrap();
        let (dusk, _) = dusk.split_once(')').unwrap();
        let mut parts = dusk.split(' ').map_while(|part| part.parse::<f64>().ok());
        let mut next = || parts.next().unwrap();
        let (light, chroma, hue) = (next(), next(), next().to_radians());
        let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
        let long = (light + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let middle = (light - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (light - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
        let linear = [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
        ];
        let bytes = linear.map(|part| {
            let part = part.clamp(0.0, 1.0);
            let coded = match part {
                ..=0.003_130_8 => 12.92 * part,
                _ => 1.055 * part.powf(1.0 / 2.4) - 0.055,
            };
            format!("{:02x}", (coded * 255.0).round() as u8)
        });
        format!("#{}", bytes.concat())
    }

    #[test]
    fn the_colours_are_those_of_the_pages() {
        for (token, colour) in [
            ("sky-high", SKY[0]),
            ("sky-middle", SKY[1]),
            ("sky-low", SKY[2]),
            ("sky-horizon", SKY[3]),
            ("haze", HAZE),
            ("flock-colour", FLOCK),
            ("land-north", LAND[0]),
            ("land-south", LAND[1]),
            ("ink-number", INK),
            ("ink-soft", INK_SOFT),
            ("accent", ACCENT),
            ("light-core", LIGHT_CORE),
            ("light-glow", LIGHT_GLOW),
            ("light-asleep", LIGHT_ASLEEP),
        ] {
            assert_eq!(colour, at_dusk(token), "{token}");
        }
    }
}
