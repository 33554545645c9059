fn main() {
    use recto::{library::*, story::StoryId};
    use std::time::Instant;
    let t = std::fs::read_to_string("/tmp/w/data/titles1m.txt").unwrap();
    let n: usize = std::env::args()
        .nth(1)
        .and_then(|s| s.parse().ok())
        .unwrap_or(1_000_000);
    let s = Instant::now();
    let titles = Titles::build(
        t.lines()
            .take(n)
            .enumerate()
            .map(|(i, l)| (StoryId(i as u32), i as i64, l)),
    );
    println!(
        "build {:?} {} bytes/title",
        s.elapsed(),
        titles.bytes() as f64 / n as f64
    );
    drop(t);
    for q in [
        "t",
        "b",
        "th",
        "the",
        "slav",
        "harb",
        "the of",
        "the of and",
        "The",
        "shoustvar thous",
        "qzx",
    ] {
        let mut ts = vec![];
        let mut c = 0;
        for _ in 0..9 {
            let s = Instant::now();
            c = titles
                .search(q, None, &mut None, &|| false)
                .unwrap()
                .stories
                .len();
            ts.push(s.elapsed());
        }
        ts.sort();
        println!("{q:20} {c:8} min {:?} med {:?}", ts[0], ts[4]);
    }
    let mut best = vec![std::time::Duration::MAX; 10];
    for _ in 0..7 {
        let mut last = None;
        for i in 1..=10 {
            let s = Instant::now();
            titles
                .search(&"the of and"[..i], None, &mut last, &|| false)
                .unwrap();
            best[i - 1] = best[i - 1].min(s.elapsed());
        }
    }
    println!("narrowed {best:?}");
    println!(
        "{}",
        std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS"))
            .collect::<Vec<_>>()
            .join(" ")
    );
}
