//! What a page asks its reader to do: to sign, to write, to take action.

use super::key;
use super::labels;
use super::shape;
use super::words::Label;

/// "Take action: Help end forced labour": what is asked, without the label.
pub fn call_to_action(text: &str) -> Option<String> {
    let words = shape::word_count(text);
    if words > 30 {
        return None;
    }
    if let Some((Label::Action, value)) = labels::label(text) {
        let value = value.trim_end_matches(['»', '›', '>', '→', ' ']);
        return (shape::word_count(value) >= 2).then(|| value.to_owned());
    }
    let key = key::of(text);
    let asks = [
        "sign the petition ",
        "sign our petition ",
        "sign our open letter ",
        "add your name to ",
        "petition unterschreiben ",
        "signer la pétition ",
        "take action to ",
        "take action now to ",
        "tell congress to ",
        "demand that ",
        "demand an end ",
        "write to your ",
        "call on the ",
        "help us stop ",
        "fordern sie ",
        "fordere ",
        "schreiben sie an ",
        "schreiben sie ihrem ",
        "schreiben sie ihrer ",
        "setzen sie sich für ",
        "setzen sie ein zeichen ",
        "exigez ",
        "interpellez ",
        "écrivez à votre ",
        "écrivez à vos ",
        "exige que ",
        "exija que ",
        "pide al ",
        "pide a la ",
        "escribe a tu ",
        "chiedi al ",
        "tell your ",
        "urge ",
    ];
    let specific = words >= 5 && (!shape::ends_sentence(text) || text.ends_with('!'));
    (specific && (asks.iter().any(|ask| key.starts_with(ask)) || asks_to_sign(&key)))
        .then(|| text.trim_end_matches(['»', '›', '→', ' ']).to_owned())
}

/// "Firma para que el agua sea pública", "Unterschreiben Sie jetzt unseren Appell": said to the
/// reader, and what is to be signed or what for.
fn asks_to_sign(key: &str) -> bool {
    const SIGN: [&str; 18] = [
        "sign",
        "unterschreib",
        "unterschreibe",
        "unterschreiben sie",
        "unterschreibt",
        "unterzeichne",
        "unterzeichnen sie",
        "unterzeichnet",
        "signez",
        "signe",
        "firma",
        "firme",
        "firmad",
        "firmate",
        "assine",
        "assina",
        "teken",
        "onderteken",
    ];
    const WHAT: [&str; 25] = [
        "petition",
        "pétition",
        "petición",
        "petizione",
        "petição",
        "petitie",
        "open letter",
        "pledge",
        "appeal",
        "appell",
        "appel ",
        "lettre ouverte",
        "manifiesto",
        "manifest",
        " für ",
        " gegen ",
        " pour ",
        " contre ",
        " para ",
        " contra ",
        " contro ",
        " por ",
        " per ",
        " voor ",
        " tegen ",
    ];
    // "Firma del acuerdo para la paz" is a signature, not a plea.
    const OF: [&str; 6] = ["de ", "del ", "di ", "dell", "do ", "von "];
    SIGN.iter().any(|verb| {
        key.strip_prefix(verb).is_some_and(|rest| {
            let told =
                rest.starts_with(' ') && !OF.iter().any(|of| rest.trim_start().starts_with(of));
            told && WHAT.iter().any(|what| rest.contains(what))
        })
    })
}
