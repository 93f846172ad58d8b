//! What is right keeps every relation, and what is wrong breaks the one that it is wrong about.

use arbitrary::Unstructured;
use cors_adapters::{
    Description, Middleware, NoServer, Server, handler::Handler, mutants::mutants, reference_server::ReferenceServer,
};
use cors_conformance::{
    false_alarms::clean_servers,
    generate::Settings,
    relations::{RELATIONS, Relation},
};
use cors_reference::{
    capability::{Capability, Says},
    policy::{Policy, Wish},
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn servers_that_are_right_keep_every_relation(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        for server in clean_servers() {
            let case = Settings::of(server).case(&mut Unstructured::new(&bytes)).unwrap();
            for relation in RELATIONS {
                let broken = (relation.check)(server, &case);
                prop_assert_eq!(broken, None, "{} {} {:?}", server.describe().name, relation.id, case);
            }
        }
    }
}

#[test]
fn zz_matrix() {
    for relation in RELATIONS {
        for mutant in mutants() {
            if let Some((n, said)) = first_broken(mutant, relation, 1000) {
                println!("{} {} {n} {said}", relation.id, mutant.id);
            }
        }
    }
}

fn first_broken(server: &dyn Middleware, relation: &Relation, cases: u64) -> Option<(u64, String)> {
    let settings = Settings::of(server);
    (0..cases).find_map(|n| Some((n, (relation.check)(server, &settings.numbered(1, n)?)?)))
}
