//! Which middlewares break which relation.
use cors_adapters::registry::middlewares;
use cors_conformance::{generate::Settings, relations::RELATIONS};

#[test]
fn zz_rows() {
    for row in middlewares() {
        let settings = Settings::of(row);
        let cases: Vec<_> = (0..40).filter_map(|number| settings.numbered(1, number)).collect();
        for relation in RELATIONS {
            let said: Vec<_> = cases.iter().filter_map(|case| (relation.check)(row, case)).collect();
            if let Some(first) = said.first() {
                println!("{} {} x{}: {first}", row.describe().name, relation.id, said.len());
                for other in &said[1..said.len().min(4)] {
                    println!("      {other}");
                }
            }
        }
    }
}
