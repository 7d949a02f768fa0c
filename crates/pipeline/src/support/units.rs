//! Which words and signs are units, what they measure, and when two quantities are the same.

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) measure: Measure,
    /// How many of the measure's smallest unit it is.
    pub(super) factor: f64,
}

/// What a unit measures. Quantities of different measures are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Seconds up to weeks, in seconds.
    Time,
    /// Months up to centuries, in months: no fixed number of days.
    Calendar,
    /// Metric lengths, in millimetres.
    Length,
    /// Feet, inches, miles, each its own: texts name them beside the metric length, not for it.
    Foreign(u8),
    Area,
    Volume,
    Mass,
    Energy,
    Power,
    Data,
    Temperature(u8),
    Percent,
    /// By the place of its name in the table.
    Money(u8),
    Other(u8),
}

/// The unit that a folded word or a sign names.
pub(super) fn unit(word: &str) -> Option<Unit> {
    if word.is_empty() {
        return None;
    }
    let row = UNITS.iter().find(|(_, _, words)| words.split(' ').any(|known| known == word))?;
    Some(Unit { measure: row.0, factor: row.1 })
}

/// The unit whose sign stands at the start of `gap`, the text after a number.
pub(super) fn sign_after(gap: &str) -> Option<Unit> {
    sign(gap.trim_start().chars().next()?)
}

/// The currency whose sign stands at the end of `gap`, the text before a number.
pub(super) fn sign_before(gap: &str) -> Option<Unit> {
    sign(gap.trim_end().chars().next_back()?).filter(|unit| matches!(unit.measure, Measure::Money(_)))
}

fn sign(c: char) -> Option<Unit> {
    match c {
        '%' => unit("percent"),
        '€' => unit("euro"),
        '$' => unit("dollar"),
        '£' => unit("gbp"),
        '¥' => unit("yen"),
        '₹' => unit("rupee"),
        _ => None,
    }
}

/// The length of a period that a word names as a rate: `monthly`, `im Jahr` (by `Jahr`), in the unit's own measure.
pub(super) fn rate_word(word: &str) -> Option<Unit> {
    let row = RATES.iter().find(|(_, words)| words.split(' ').any(|known| known == word))?;
    unit(row.0)
}

/// Words that make the unit after them a rate.
pub(super) const PER: &[&str] = &[
    "per", "a", "an", "each", "every", "pro", "je", "jeden", "jede", "jedes", "im", "par", "por", "al",
    "all", "à", "the",
];

const RATES: &[(&str, &str)] = &[
    ("hour", "hourly stündlich"),
    ("day", "daily täglich kalendertäglich quotidien diario"),
    ("week", "weekly wöchentlich hebdomadaire semanal settimanale"),
    ("month", "monthly monatlich monatliche monatlichen mensuel mensual mensile"),
    ("year", "yearly annually annual jährlich jährliche jährlichen annuel anual annuale"),
];

use Measure::{
    Area, Calendar, Data, Energy, Foreign, Length, Mass, Money, Other, Percent, Power, Temperature, Time,
    Volume,
};

#[rustfmt::skip]
const UNITS: &[(Measure, f64, &str)] = &[
    (Time, 0.001, "ms millisecond milliseconds millisekunden"),
    (Time, 1.0, "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi"),
    (Time, 60.0, "min mins minute minutes minuten minuto minutos minuti"),
    (Time, 3600.0, "h hr hrs hour hours stunde stunden heure heures hora horas ora ore"),
    (Time, 86_400.0, "day days tag tage tagen jour jours día días dia dias giorno giorni"),
    (Time, 604_800.0, "week weeks woche wochen semaine semaines semana semanas settimana settimane"),
    (Calendar, 1.0, "month months monat monate monaten monats mois mes meses mese mesi"),
    (Calendar, 3.0, "vierteljahr quartal quartale trimestre"),
    (Calendar, 12.0, "year years yr yrs jahr jahre jahren jahres ans année années año años anno anni lebensjahr"),
    (Calendar, 120.0, "decade decades jahrzehnt jahrzehnte décennie década decennio"),
    (Calendar, 1200.0, "century centuries jahrhundert jahrhunderte siècle siècles siglo siglos secolo secoli"),
    (Length, 0.001, "µm micrometre micrometres micrometer"),
    (Length, 0.000_001, "nm nanometre nanometres nanometer nanometers"),
    (Length, 1.0, "mm millimetre millimetres millimeter millimeters millimètres milímetros millimetri"),
    (Length, 10.0, "cm centimetre centimetres centimeter centimeters zentimeter centimètres centímetros centimetri"),
    (Length, 1000.0, "m metre metres meter meters metern mètre mètres metro metros metri"),
    (Length, 1_000_000.0, "km kilometre kilometres kilometer kilometers kilometern kilomètres kilómetros chilometri"),
    (Foreign(0), 1.0, "inch inches zoll pouces pulgadas pollici"),
    (Foreign(1), 1.0, "ft foot feet fuß pieds pies piedi"),
    (Foreign(2), 1.0, "mile miles meile meilen millas miglia"),
    (Foreign(3), 1.0, "yard yards yd"),
    (Area, 1.0, "m² sqm m2 quadratmeter quadratmetern"),
    (Area, 1e6, "km² km2 quadratkilometer"),
    (Area, 1e4, "ha hectare hectares hektar"),
    (Foreign(4), 1.0, "acre acres"),
    (Volume, 0.001, "ml millilitre millilitres milliliter milliliters"),
    (Volume, 0.01, "cl"),
    (Volume, 1.0, "l litre litres liter liters litro litros litri"),
    (Volume, 1000.0, "m³ m3 kubikmeter"),
    (Foreign(5), 1.0, "gallon gallons"),
    (Foreign(6), 1.0, "barrel barrels"),
    (Mass, 0.001, "mg milligram milligrams milligramm"),
    (Mass, 1.0, "g gram grams gramm gramme grammes gramo gramos grammo grammi"),
    (Mass, 1000.0, "kg kilo kilos kilogram kilograms kilogramm kilogrammes kilogramos chilogrammi chili"),
    (Mass, 1e6, "t ton tons tonne tonnes tonnen toneladas tonnellate"),
    (Foreign(7), 1.0, "lb lbs"),
    (Foreign(8), 1.0, "oz ounce ounces"),
    (Energy, 1.0, "wh"),
    (Energy, 1e3, "kwh kilowattstunden"),
    (Energy, 1e6, "mwh megawattstunden"),
    (Energy, 1e9, "gwh"),
    (Power, 1.0, "w watt watts"),
    (Power, 1e3, "kw kilowatt kilowatts"),
    (Power, 1e6, "mw megawatt megawatts"),
    (Data, 1.0, "byte bytes"),
    (Data, 1e3, "kb kilobyte kilobytes"),
    (Data, 1e6, "mb megabyte megabytes"),
    (Data, 1e9, "gb gigabyte gigabytes"),
    (Data, 1e12, "tb terabyte terabytes"),
    (Temperature(0), 1.0, "°c c celsius"),
    (Temperature(1), 1.0, "°f f fahrenheit"),
    (Temperature(2), 1.0, "kelvin"),
    (Percent, 1.0, "% percent percentage prozent pourcent"),
    (Money(0), 1.0, "euro euros eur"),
    (Money(1), 1.0, "dollar dollars usd"),
    (Money(2), 1.0, "gbp pound pounds sterling pfund"),
    (Money(3), 1.0, "franc francs franken chf sfr"),
    (Money(4), 1.0, "yen jpy"),
    (Money(5), 1.0, "kr krone kronen crowns krona kronor"),
    (Money(6), 1.0, "rupee rupees inr"),
    (Money(7), 1.0, "yuan renminbi rmb cny"),
    (Money(8), 1.0, "pence"),
    (Other(0), 1.0, "volt volts v"),
    (Other(1), 1.0, "hz hertz"),
    (Other(2), 1.0, "db decibel decibels dezibel"),
    (Other(3), 1.0, "bar"),
    (Other(4), 1.0, "degree degrees grad degrés grados gradi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_its_word() {
        assert_eq!(sign_after("% of"), unit("percent"));
        assert_eq!(sign_before("about € "), unit("euros"));
        assert_eq!(sign_before("% "), None);
        assert_eq!(unit("kg").map(|unit| unit.factor), Some(1000.0));
        assert_eq!(rate_word("monatlich"), unit("month"));
        assert_eq!(unit(""), None);
    }
}
