//! The words dates are made of, in the languages recto reads. All in lower case.

/// The month that a word names, full, inflected or abbreviated (1 to 12).
#[rustfmt::skip]
pub fn month(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" | "januar" | "jänner" | "jän" | "janvier" | "janv" | "enero" | "ene" | "gennaio" | "gen"
        | "janeiro" | "januari" | "stycznia" | "styczeń" | "sty" | "января" | "январь" | "янв" | "ocak" | "oca"
        | "ledna" | "leden" | "tammikuuta" | "január" | "januára" | "ianuarie" | "ianuarie." | "січня"
        | "ιανουαρίου" | "ιαν"
        | "يناير" | "जनवरी" => 1,
        "february" | "feb" | "febr" | "februar" | "feber" | "février" | "fevrier" | "févr" | "fév" | "fevr" | "febrero"
        | "febbraio" | "fevereiro" | "fev" | "februari" | "lutego" | "luty" | "lut" | "февраля" | "февраль" | "фев"
        | "февр" | "şubat" | "şub" | "února" | "únor" | "helmikuuta" | "február" | "februára" | "februarie" | "лютого"
        | "φεβρουαρίου" | "φεβ"
        | "فبراير" | "फरवरी" | "फ़रवरी" => 2,
        "march" | "mar" | "maret" | "märz" | "maerz" | "mär" | "mrz" | "mars" | "marzo" | "março" | "marco" | "maart" | "mrt"
        | "marca" | "marzec" | "марта" | "март" | "мар" | "mart" | "března" | "březen" | "maaliskuuta" | "március"
        | "martie" | "березня" | "μαρτίου" | "μαρ" | "μάρ"
        | "مارس" | "मार्च" => 3,
        "april" | "apr" | "avril" | "avr" | "abril" | "abr" | "aprile" | "kwietnia" | "kwiecień" | "kwi" | "апреля"
        | "апрель" | "апр" | "nisan" | "nis" | "dubna" | "duben" | "huhtikuuta" | "április" | "apríla" | "aprilie"
        | "квітня" | "απριλίου" | "απρ"
        | "أبريل" | "ابريل" | "إبريل" | "अप्रैल" => 4,
        "may" | "mai" | "mayo" | "maggio" | "mag" | "maio" | "mei" | "maj" | "maja" | "мая" | "май" | "mayıs" | "května"
        | "květen" | "toukokuuta" | "május" | "mája" | "травня" | "μαΐου" | "μαΐ" | "μαϊ" | "μάι"
        | "مايو" | "मई" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" | "giugno" | "giu" | "junho" | "czerwca" | "czerwiec" | "cze"
        | "июня" | "июнь" | "июн" | "haziran" | "haz" | "června" | "červen" | "kesäkuuta" | "június" | "júna" | "iunie"
        | "червня" | "ιουνίου" | "ιουν" | "ιούν"
        | "يونيو" | "يونيه" | "जून" => 6,
        "july" | "jul" | "juli" | "juillet" | "juil" | "julio" | "luglio" | "lug" | "julho" | "lipca" | "lipiec" | "lip"
        | "июля" | "июль" | "июл" | "temmuz" | "tem" | "července" | "červenec" | "heinäkuuta" | "július" | "júla"
        | "iulie" | "липня" | "ιουλίου" | "ιουλ" | "ιούλ"
        | "يوليو" | "يوليه" | "जुलाई" => 7,
        "august" | "aug" | "agustus" | "août" | "aout" | "agosto" | "ago" | "augustus" | "augusti" | "sierpnia" | "sierpień" | "sie"
        | "августа" | "август" | "авг" | "ağustos" | "ağu" | "srpna" | "srpen" | "elokuuta" | "augusztus" | "augusta"
        | "серпня" | "αυγούστου" | "αυγ" | "αύγ"
        | "أغسطس" | "اغسطس" | "अगस्त" => 8,
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "setiembre" | "settembre" | "set" | "sett"
        | "setembro" | "września" | "wrzesień" | "wrz" | "сентября" | "сентябрь" | "сен" | "сент" | "eylül" | "eyl"
        | "září" | "syyskuuta" | "szeptember" | "septembra" | "septembrie" | "вересня"
        | "σεπτεμβρίου" | "σεπ" | "σεπτ"
        | "سبتمبر" | "सितंबर" | "सितम्बर" => 9,
        "october" | "oct" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre" | "ott" | "outubro" | "out"
        | "października" | "październik" | "paź" | "октября" | "октябрь" | "окт" | "ekim" | "eki" | "října" | "říjen"
        | "lokakuuta" | "október" | "októbra" | "octombrie" | "жовтня" | "οκτωβρίου" | "οκτ"
        | "أكتوبر" | "اكتوبر" | "अक्टूबर" | "अक्तूबर" => 10,
        "november" | "nov" | "novembre" | "noviembre" | "novembro" | "listopada" | "listopad" | "lis" | "ноября"
        | "ноябрь" | "ноя" | "нояб" | "kasım" | "kas" | "listopadu" | "marraskuuta" | "novembra" | "noiembrie"
        | "листопада" | "νοεμβρίου" | "νοε" | "νοέ"
        | "نوفمبر" | "नवंबर" | "नवम्बर" => 11,
        "december" | "dec" | "dezember" | "dez" | "décembre" | "decembre" | "déc" | "diciembre" | "dic" | "dicembre"
        | "dezembro" | "grudnia" | "grudzień" | "gru" | "декабря" | "декабрь" | "дек" | "aralık" | "ara" | "prosince"
        | "prosinec" | "desember" | "des" | "joulukuuta" | "decembra" | "decembrie" | "грудня" | "δεκεμβρίου" | "δεκ"
        | "ديسمبر" | "दिसंबर" | "दिसम्बर" => 12,
        _ => return None,
    })
}

/// Whether a word names a day of the week, in full or abbreviated.
#[rustfmt::skip]
pub fn is_weekday(word: &str) -> bool {
    matches!(word,
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
        | "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun"
        | "montag" | "dienstag" | "mittwoch" | "donnerstag" | "freitag" | "samstag" | "sonnabend" | "sonntag"
        | "mo" | "di" | "mi" | "do" | "fr" | "sa" | "so"
        | "lundi" | "mardi" | "mercredi" | "jeudi" | "vendredi" | "samedi" | "dimanche"
        | "lun" | "mer" | "jeu" | "ven" | "sam" | "dim"
        | "lunes" | "martes" | "miércoles" | "miercoles" | "jueves" | "viernes" | "sábado" | "sabado" | "domingo"
        | "mié" | "jue" | "vie" | "sáb" | "dom"
        | "lunedì" | "martedì" | "mercoledì" | "giovedì" | "venerdì" | "sabato" | "domenica" | "gio" | "sab"
        | "segunda" | "terça" | "quarta" | "quinta" | "sexta" | "feira"
        | "maandag" | "dinsdag" | "woensdag" | "donderdag" | "vrijdag" | "zaterdag" | "zondag"
        | "poniedziałek" | "wtorek" | "środa" | "czwartek" | "piątek" | "sobota" | "niedziela"
        | "понедельник" | "вторник" | "среда" | "четверг" | "пятница" | "суббота" | "воскресенье"
        | "måndag" | "tisdag" | "onsdag" | "torsdag" | "fredag" | "lördag" | "söndag" | "mandag" | "tirsdag"
        | "lørdag" | "søndag"
        | "κυριακή" | "δευτέρα" | "τρίτη" | "τετάρτη" | "πέμπτη" | "παρασκευή" | "σάββατο"
        | "κυρ" | "δευ" | "τρι" | "τετ" | "πεμ" | "παρ" | "σαβ"
        | "pazartesi" | "salı" | "çarşamba" | "perşembe" | "cuma" | "cumartesi" | "pazar"
    )
}

/// Words that may stand between a day and a time, or before a date, and say nothing themselves.
#[rustfmt::skip]
pub fn is_connector(word: &str) -> bool {
    matches!(word,
        "t" | "at" | "on" | "the" | "of" | "um" | "am" | "den" | "der" | "vom" | "à" | "a" | "le" | "la" | "las" | "el"
        | "il" | "alle" | "ore" | "às" | "as" | "em" | "om" | "op" | "kl" | "klo" | "o" | "godz" | "w" | "dnia" | "в"
        | "от" | "saat" | "u" | "dne" | "du" | "del" | "lo" | "los"
    )
}

/// Letters that follow the number of a day: 28th, 1er, 3º.
pub fn is_ordinal(word: &str) -> bool {
    matches!(
        word,
        "st" | "nd" | "rd" | "th" | "er" | "re" | "º" | "ª" | "o" | "e" | "ème" | "го" | "de"
    )
}

/// Words between day, month and year: 28 de febrero de 2019.
pub fn is_of(word: &str) -> bool {
    matches!(word, "of" | "de" | "del" | "di" | "d" | "do")
}

/// What is said after a year and adds nothing: 28 lutego 2019 r.
pub fn is_year_word(word: &str) -> bool {
    matches!(word, "r" | "roku" | "г" | "года" | "yılı" | "р" | "року")
}

/// What an abbreviation of a time zone says about the distance from UTC.
pub enum Zone {
    /// Minutes east of UTC.
    Fixed(i32),
    /// Minutes east of UTC in winter, where clocks change as in the United States.
    American(i32),
}

/// The zones whose abbreviation means one thing only. What means several (IST, CST in China) is
/// taken in its most written sense or left out.
#[rustfmt::skip]
pub fn zone(word: &str) -> Option<Zone> {
    use Zone::{American, Fixed};
    Some(match word {
        "Z" | "z" | "UTC" | "GMT" | "UT" | "WET" => Fixed(0),
        "EST" => Fixed(-300),
        "EDT" => Fixed(-240),
        "CST" => Fixed(-360),
        "CDT" => Fixed(-300),
        "MST" => Fixed(-420),
        "MDT" => Fixed(-360),
        "PST" => Fixed(-480),
        "PDT" => Fixed(-420),
        "AKST" => Fixed(-540),
        "AKDT" => Fixed(-480),
        "HST" => Fixed(-600),
        "ET" => American(-300),
        "CT" => American(-360),
        "MT" => American(-420),
        "PT" => American(-480),
        "BRT" | "ART" => Fixed(-180),
        "BST" | "CET" | "MEZ" | "WEST" | "WAT" => Fixed(60),
        "CEST" | "MESZ" | "EET" | "CAT" | "SAST" => Fixed(120),
        "EEST" | "MSK" | "EAT" | "TRT" => Fixed(180),
        "GST" => Fixed(240),
        "PKT" => Fixed(300),
        "WIB" | "ICT" => Fixed(420),
        "HKT" | "SGT" | "AWST" | "PHT" | "MYT" => Fixed(480),
        "JST" | "KST" => Fixed(540),
        "AEST" => Fixed(600),
        "AEDT" => Fixed(660),
        "NZST" => Fixed(720),
        "NZDT" => Fixed(780),
        _ => return None,
    })
}
