//! Tests of the encoder on small models made up on the spot.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Device;
use half::{bf16, f16};
use proptest::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::*;
use crate::inference::{Instructions, Precision};

const HIDDEN: usize = 24;
const VOCABULARY: usize = 50;

/// How a made-up model is written.
#[derive(Clone, Copy)]
struct Style {
    prefix: &'static str,
    dtype: Dtype,
    model_type: &'static str,
}

const PLAIN: Style = Style { prefix: "", dtype: Dtype::F32, model_type: "bert" };

/// The same numbers in every style; they are multiples of 1/64, so that half precision holds them too.
fn write_model(folder: &Path, style: Style) {
    let offset = if style.model_type == "bert" { 0 } else { 2 };
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, shape: &[usize], skipped: usize| {
        let seed = name.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut state = seed;
        let mut value = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 40) % 65) as f32 / 64.0 - 0.5
        };
        let count: usize = shape.iter().product();
        let mut values = vec![9.0; skipped];
        values.extend((skipped..count).map(|_| value()));
        let bytes: Vec<u8> = match style.dtype {
            Dtype::F16 => values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect(),
            Dtype::BF16 => values.iter().flat_map(|value| bf16::from_f32(*value).to_le_bytes()).collect(),
            _ => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        tensors.insert(format!("{}{name}", style.prefix), (shape.to_vec(), bytes));
    };
    add("embeddings.word_embeddings.weight".into(), &[VOCABULARY, HIDDEN], 0);
    add("embeddings.position_embeddings.weight".into(), &[32 + offset, HIDDEN], offset * HIDDEN);
    add("embeddings.token_type_embeddings.weight".into(), &[1, HIDDEN], 0);
    let mut steps = vec![("embeddings.LayerNorm".to_owned(), vec![HIDDEN])];
    for layer in 0..3 {
        for (name, shape) in [
            ("attention.self.query", vec![HIDDEN, HIDDEN]),
            ("attention.self.key", vec![HIDDEN, HIDDEN]),
            ("attention.self.value", vec![HIDDEN, HIDDEN]),
            ("attention.output.dense", vec![HIDDEN, HIDDEN]),
            ("attention.output.LayerNorm", vec![HIDDEN]),
            ("intermediate.dense", vec![40, HIDDEN]),
            ("output.dense", vec![HIDDEN, 40]),
            ("output.LayerNorm", vec![HIDDEN]),
        ] {
            steps.push((format!("encoder.layer.{layer}.{name}"), shape));
        }
    }
    for (name, shape) in steps {
        add(format!("{name}.weight"), &shape, 0);
        add(format!("{name}.bias"), &shape[..1], 0);
    }
    let views = tensors.iter().map(|(name, (shape, bytes))| {
        (name.clone(), TensorView::new(style.dtype, shape.clone(), bytes).expect("sizes agree"))
    });
    safetensors::serialize_to_file(views, None, &folder.join(WEIGHTS)).expect("written");
    let config = serde_json::json!({
        "model_type": style.model_type, "hidden_size": HIDDEN, "num_hidden_layers": 3, "num_attention_heads": 3,
        "intermediate_size": 40, "vocab_size": VOCABULARY, "max_position_embeddings": 32 + offset,
        "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5,
    });
    std::fs::write(folder.join(CONFIG), config.to_string()).expect("written");
    std::fs::write(folder.join("tokenizer.json"), "{}").expect("written");
}

fn start(folder: &Path, tuned: Option<&Tuned>) -> Result<Encoder, Error> {
    start_as(folder, tuned, Way::new(Precision::F32, vectors()))
}

fn start_as(folder: &Path, tuned: Option<&Tuned>, way: Way) -> Result<Encoder, Error> {
    Encoder::load(&ModelFolder::open(folder)?, tuned, way, vectors())
}

fn vectors() -> Vectors {
    Instructions::Auto.vectors().expect("the processor has them")
}

/// Every way to compute in single precision; with the feature `cuda`, on a GPU as well.
fn ways() -> Vec<Way> {
    let mut ways = vec![Way::new(Precision::F32, vectors()), Way::on(Precision::F32, Device::Cpu)];
    if cfg!(feature = "cuda") {
        ways.push(Way::on(Precision::F32, Device::new_cuda(0).expect("a GPU")));
    }
    ways
}

fn load(style: Style) -> Encoder {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), style);
    start(folder.path(), None).expect("loads")
}

fn run(encoder: &Encoder, sequences: &[Vec<u32>]) -> Vec<Vec<f32>> {
    let mut batch = Packed::for_cores(2);
    sequences.iter().for_each(|ids| batch.push(ids));
    let hidden = encoder.forward(&batch).expect("runs");
    let last: Vec<f32> = hidden.last[LAYERS_KEPT - 1].flatten_all().expect("flat").to_vec1().expect("values");
    batch.rows().map(|rows| last[rows.start * HIDDEN..rows.end * HIDDEN].to_vec()).collect()
}

fn close(left: &[f32], right: &[f32]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| (left - right).abs() < 1e-4)
}

#[test]
fn prefixes_precisions_and_position_offsets_give_the_same_model() {
    let ids = [vec![0, 5, 9, 49, 2]];
    let expected = run(&load(PLAIN), &ids);
    for style in [
        Style { prefix: "bert.", ..PLAIN },
        Style { prefix: "roberta.", model_type: "xlm-roberta", ..PLAIN },
        Style { model_type: "xlm-roberta", ..PLAIN },
        Style { dtype: Dtype::F16, ..PLAIN },
        Style { dtype: Dtype::BF16, ..PLAIN },
    ] {
        // values depend on the names without the prefix, so every style describes the same model
        assert!(close(&run(&load(style), &ids)[0], &expected[0]), "{} {}", style.prefix, style.model_type);
    }
}

/// The transformer once more, as its definition says, one number after another.
fn plainly(encoder_folder: &Path, ids: &[u32]) -> Vec<f32> {
    let weights = Weights::open(&encoder_folder.join(WEIGHTS)).expect("opens");
    let get = |name: &str, shape: &[usize]| weights.tensor(name, shape).expect("there");
    let linear = |rows: &[Vec<f32>], name: &str, outputs: usize| -> Vec<Vec<f32>> {
        let inputs = rows[0].len();
        let weight = get(&format!("{name}.weight"), &[outputs, inputs]);
        let bias = get(&format!("{name}.bias"), &[outputs]);
        let row = |row: &Vec<f32>| {
            (0..outputs).map(|o| bias[o] + (0..inputs).map(|i| weight[o * inputs + i] * row[i]).sum::<f32>()).collect()
        };
        rows.iter().map(row).collect()
    };
    let norm = |rows: &[Vec<f32>], name: &str| -> Vec<Vec<f32>> {
        let scale = get(&format!("{name}.weight"), &[HIDDEN]);
        let shift = get(&format!("{name}.bias"), &[HIDDEN]);
        let row = |row: &Vec<f32>| {
            let mean = row.iter().sum::<f32>() / HIDDEN as f32;
            let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / HIDDEN as f32;
            (0..HIDDEN).map(|i| (row[i] - mean) / (variance + 1e-5).sqrt() * scale[i] + shift[i]).collect()
        };
        rows.iter().map(row).collect()
    };
    let add = |left: &[Vec<f32>], right: &[Vec<f32>]| -> Vec<Vec<f32>> {
        let rows = left.iter().zip(right);
        rows.map(|(left, right)| left.iter().zip(right).map(|(left, right)| left + right).collect()).collect()
    };
    let words = get("embeddings.word_embeddings.weight", &[VOCABULARY, HIDDEN]);
    let positions = get("embeddings.position_embeddings.weight", &[32, HIDDEN]);
    let kind = get("embeddings.token_type_embeddings.weight", &[1, HIDDEN]);
    let embedded = ids.iter().enumerate().map(|(at, id)| {
        (0..HIDDEN).map(|i| words[*id as usize * HIDDEN + i] + positions[at * HIDDEN + i] + kind[i]).collect()
    });
    let mut rows = norm(&embedded.collect::<Vec<_>>(), "embeddings.LayerNorm");
    for layer in 0..3 {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let [query, key, value] =
            ["query", "key", "value"].map(|part| linear(&rows, &name(&format!("attention.self.{part}")), HIDDEN));
        let mut attended = vec![vec![0.0; HIDDEN]; ids.len()];
        for head in [0..8, 8..16, 16..24] {
            for i in 0..ids.len() {
                let dot = |j: usize| head.clone().map(|c| query[i][c] * key[j][c]).sum::<f32>() / 8_f32.sqrt();
                let weights: Vec<f32> = (0..ids.len()).map(|j| dot(j).exp()).collect();
                let all: f32 = weights.iter().sum();
                for c in head.clone() {
                    attended[i][c] = (0..ids.len()).map(|j| weights[j] / all * value[j][c]).sum();
                }
            }
        }
        let attended = add(&linear(&attended, &name("attention.output.dense"), HIDDEN), &rows);
        rows = norm(&attended, &name("attention.output.LayerNorm"));
        let mut inner = linear(&rows, &name("intermediate.dense"), 40);
        for value in inner.iter_mut().flatten() {
            let x = f64::from(*value);
            *value = (x * 0.5 * (1.0 + erf(x / 2_f64.sqrt()))) as f32;
        }
        rows = norm(&add(&linear(&inner, &name("output.dense"), HIDDEN), &rows), &name("output.LayerNorm"));
    }
    rows.concat()
}

/// The error function by its power series.
fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..80 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

#[test]
fn every_way_is_the_plain_way() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), PLAIN);
    for (number, way) in ways().into_iter().enumerate() {
        let encoder = start_as(folder.path(), None, way).expect("loads");
        for ids in [vec![0, 2], vec![0, 5, 9, 49, 2], (0..32).collect::<Vec<u32>>()] {
            let fast = run(&encoder, std::slice::from_ref(&ids));
            assert!(close(&fast[0], &plainly(folder.path(), &ids)), "way {number}: {ids:?}");
        }
    }
}

/// The layers of a made-up model of that style, as tuned ones.
fn tuned(style: Style) -> Tuned {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), style);
    Tuned::new(std::fs::read(folder.path().join(WEIGHTS)).expect("weights").into())
}

#[test]
fn tuned_copies_run_beside_the_encoders_own_layers() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), PLAIN);
    for way in ways() {
        let encoder = start_as(folder.path(), Some(&tuned(PLAIN)), way.clone()).expect("loads");
        assert_eq!(encoder.states(), LAYERS_KEPT + 1);
        let ids = [vec![0, 5, 9, 49, 2], vec![0, 7, 2]];
        let alone = start_as(folder.path(), None, way).expect("loads");
        assert_eq!(run(&encoder, &ids), run(&alone, &ids), "the encoder's own stay what they were");
        let mut batch = Packed::for_cores(2);
        ids.iter().for_each(|ids| batch.push(ids));
        let Hidden { tuned, last } = encoder.forward(&batch).expect("runs");
        let [tuned, last] = [tuned.as_ref().expect("tuned"), &last[LAYERS_KEPT - 1]]
            .map(|states| states.flatten_all().expect("flat").to_vec1::<f32>().expect("values"));
        assert_eq!(tuned, last, "copies that nobody tuned give the same");
    }
}

#[test]
fn tuned_layers_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), PLAIN);
    for (tuned, expected) in [
        (tuned(Style { prefix: "other.", ..PLAIN }), "none of the encoder's 3 layers"),
        (Tuned::new(vec![1, 2, 3].into()), "does not begin with a safetensors header"),
    ] {
        let error = start(folder.path(), Some(&tuned)).err().expect(expected).to_string();
        assert!(error.contains(expected) && error.contains("tuned.safetensors"), "{error}");
    }
}

#[test]
fn a_token_that_the_model_does_not_know_is_an_error() {
    let mut batch = Packed::for_cores(2);
    batch.push(&[0, VOCABULARY as u32]);
    let error = load(PLAIN).forward(&batch).expect_err("one too many");
    assert!(error.to_string().contains("token 50 of a table of 50"), "{error}");
}

#[test]
fn broken_folders_are_told_apart() {
    type Damage = fn(&Path);
    let damages: [(Damage, &str); 7] = [
        (|folder| std::fs::remove_file(folder.join(WEIGHTS)).expect("removed"), "has no model.safetensors"),
        (|folder| shorten(&folder.join(WEIGHTS), 100), "is only half there"),
        (|folder| keep(&folder.join(WEIGHTS), 4), "is not valid"),
        (|folder| keep(&folder.join(WEIGHTS), 0), "is not valid"),
        (|folder| keep(&folder.join(CONFIG), 20), "is not valid"),
        (|folder| replace(&folder.join(CONFIG), "\"bert\"", "\"gpt2\""), "model_type is \"gpt2\""),
        (
            |folder| replace(&folder.join(CONFIG), ":40", ":41"),
            "has the shape [40, 24] and config.json asks for [41, 24]",
        ),
    ];
    for (damage, expected) in damages {
        let folder = tempfile::tempdir().expect("temporary folder");
        write_model(folder.path(), PLAIN);
        damage(folder.path());
        let error = start(folder.path(), None).err().expect(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn heads_of_an_odd_width_are_refused_in_integers_alone() {
    let folder = tempfile::tempdir().expect("temporary folder");
    write_model(folder.path(), PLAIN);
    replace(&folder.path().join(CONFIG), "\"num_attention_heads\":3", "\"num_attention_heads\":4");
    assert!(start(folder.path(), None).is_ok());
    let error = start_as(folder.path(), None, Way::new(Precision::Int8, vectors())).err().expect("6 columns a head");
    assert!(error.to_string().contains("set engine.precision to f32"), "{error}");
}

fn keep(path: &Path, bytes: u64) {
    std::fs::File::options().write(true).open(path).expect("opens").set_len(bytes).expect("cut");
}

fn shorten(path: &Path, by: u64) {
    keep(path, std::fs::metadata(path).expect("there").len() - by);
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).expect("text");
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).expect("written");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn company_changes_nothing(
        sequences in prop::collection::vec(prop::collection::vec(0..VOCABULARY as u32, 1..32), 1..8),
    ) {
        let folder = tempfile::tempdir().expect("temporary folder");
        write_model(folder.path(), PLAIN);
        for way in ways() {
            let encoder = start_as(folder.path(), None, way).expect("loads");
            let together = run(&encoder, &sequences);
            prop_assert_eq!(&together, &run(&encoder, &sequences), "run to run");
            for (ids, among) in sequences.iter().zip(&together) {
                prop_assert!(close(&run(&encoder, std::slice::from_ref(ids))[0], among));
            }
        }
    }
}
