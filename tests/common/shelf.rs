//! A small library that does not change: what the screens of `tests/screens.rs` show.

/// Files with their texts: several years, authors, categories and folders; one story with
/// everything that a page can hold.
pub const SHELF: &[(&str, &str)] = &[
    ("seven-knots.md", SEVEN_KNOTS),
    ("specimen.md", SPECIMEN),
    ("news/gilders.md", GILDERS),
    ("news/harbour.md", HARBOUR),
    ("news/2026/lamps.md", LAMPS),
    ("fiction/linden.md", LINDEN),
    ("fiction/log.md", LOG),
    ("fiction/proofs.md", PROOFS),
    ("fiction/vertical.md", VERTICAL),
    ("plain.md", PLAIN),
];

/// A file that is no text, to be named by itself.
pub const NO_TEXT: (&str, &[u8]) = ("cover.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");

const SEVEN_KNOTS: &str = "---
title: Seven Knots
date: 2026-11-20
author: Ines Calder
categories: [Fiction, The sea]
---

The rope had seven knots in it, and nobody on the quay could say who had tied the first.

Ines Calder counted them twice.
";

const GILDERS: &str = "---
title: The Street of the Gilders, Where Nobody Has Gilded Anything for a Hundred and Twelve Years
date: 2026-11-17
author: Bartholomew Featherstonehaugh-Cholmondeley
categories: [Cities]
---

Gold leaf is beaten until it is thinner than the light it throws back.
";

const HARBOUR: &str = "---
title: What the Harbour Knows
date: 2026-11-19T21:40:00Z
author: [Ines Calder, Jonas Wiik]
categories: [The sea]
url: https://example.org/harbour
summary: A harbour master's notes on forty years of fog.
---

Fog comes in like a guest who knows the house. It takes its coat off in the outer basin, and by \
noon it has sat down everywhere.

On the mole there stands a bell that was rung by hand until 1986. Whoever rang it was paid by the \
hour, and not by the ship.
";

const LAMPS: &str = "---
title: Lamps
date: 2026-11-03
author: Jonas Wiik
categories: [Cities]
---

They are lit at four now.
";

const LINDEN: &str = "---
title: Linden Passage
date: 2026-08-30
author: Ines Calder
categories: [Fiction]
---

Between the two houses there is room for one person, or for two who know each other well.
";

const LOG: &str = "---
title: Log of the Skarholm Light
date: 2023-02-03
author: Jonas Wiik
categories: [Fiction, The sea]
---

Wind north, then none.
";

const PROOFS: &str = "---
title: Proofs, Revises, and What Is Left to Survive Them
date: 2019-02-28
categories: [Printing]
---

A proof proves nothing; it asks.
";

const VERTICAL: &str = "---
title: 縦書きの本を横に読む 📚
date: 2019-02-01
author: 山田 花子
categories: [Printing]
---

縦書きの本を横に読む。
";

const PLAIN: &str = "---
title: A Story of One Line
date: 1998-05-06
---

Once.
";

const SPECIMEN: &str = "---
title: A Specimen of Everything a Page Can Hold
date: 2026-11-20T08:05:00Z
updated: 2026-11-20T09:30:00Z
author: The desk
categories: [Printing]
summary: Every kind of line, once.
---

A paragraph with *emphasis*, **strength**, `code`, ~~second thoughts~~, a \
[link to a story](seven-knots.md), a [link out](https://example.org/) and a note[^one]. It is long \
enough to be broken into lines, so that one can see how they are filled.

## Lists

- a bullet
  - and one beneath it, whose words go on until they need another line to stand in, and then hang
- [x] done
- [ ] still open

1. first
2. second

## Quotes and alerts

> What is quoted stands behind a bar.
>
> > And what that quotes behind two.

> [!WARNING]
> Mind the step.

## Tables and code

| Sort | Count | Remark |
| :-- | --: | :-: |
| em | 12 | wide |
| en | 1,204 | half as wide as the em, as the name says |
| 全角 | 3 | 日本語も |

```rust
fn main() {
    println!(\"a line of code that is wider than the page, and so goes on to the right of it, and on\");
}
```

### Other scripts

日本語の文章は、どこでも改行できるが、句読点の前では改行しない。長い文章は行に分けられる。Ein \
Donaudampfschifffahrtsgesellschaftskapitän. 👩‍👩‍👧 and 🇳🇴 and e\u{301}.

* * *

![A bell on a mole](bell.png)

The end.

[^one]: It stands at the foot.
";
