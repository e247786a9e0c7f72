//! How a conversation looks to a model: the Jinja template that its file carries.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, context};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::Prompt;

/// The name that errors show.
const NAME: &str = "chat_template";

/// A model's template, checked.
pub(super) struct Chat {
    environment: Environment<'static>,
    start_word: String,
    end_word: String,
    /// Whether it takes a system message; Gemma's refuses one.
    system: bool,
}

impl Chat {
    /// Reads the template and tries it.
    pub(super) fn new(template: String, start_word: String, end_word: String) -> Result<Self, String> {
        let mut environment = Environment::new();
        // as in the transformers library
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| said(&error))?);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", raise);
        environment.add_template_owned(NAME, template).map_err(|error| said(&error))?;
        let mut chat = Self { environment, start_word, end_word, system: true };
        let trial = Prompt { system: "a".to_owned(), user: "b".to_owned() };
        if chat.render(&trial).is_err() {
            chat.system = false;
            chat.render(&trial)?;
        }
        Ok(chat)
    }

    /// The text that the model continues.
    pub(super) fn render(&self, prompt: &Prompt) -> Result<String, String> {
        let message = |role: &str, content: &str| context! { role, content };
        let messages = if self.system {
            vec![message("system", &prompt.system), message("user", &prompt.user)]
        } else {
            vec![message("user", &format!("{}\n\n{}", prompt.system, prompt.user))]
        };
        let values = context! {
            messages,
            add_generation_prompt => true,
            enable_thinking => false,
            bos_token => self.start_word.as_str(),
            eos_token => self.end_word.as_str(),
        };
        let template = self.environment.get_template(NAME).map_err(|error| said(&error))?;
        template.render(values).map_err(|error| said(&error))
    }
}

fn raise(message: String) -> Result<String, minijinja::Error> {
    Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
}

fn said(error: &minijinja::Error) -> String {
    format!("its chat template does not work here ({error})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str) -> Result<String, String> {
        let chat = Chat::new(template.to_owned(), "<s>".to_owned(), "</s>".to_owned())?;
        chat.render(&Prompt { system: "Be brief.".to_owned(), user: "سلام".to_owned() })
    }

    #[test]
    fn templates_of_the_usual_kinds_render() {
        let qwen = "{%- if messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) %}\n        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n    {%- if enable_thinking is defined and enable_thinking is false %}\n        {{- '<think>\\n\\n</think>\\n\\n' }}\n    {%- endif %}\n{%- endif %}\n";
        let gemma = "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% set role = message['role'] %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}";
        for (template, expected) in [
            (
                qwen,
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nسلام<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
            ),
            (gemma, "<s><start_of_turn>user\nBe brief.\n\nسلام<end_of_turn>\n<start_of_turn>model\n"),
            ("{% for m in messages %}{{ m['content'].strip() ~ eos_token }}{% endfor %}", "Be brief.</s>سلام</s>"),
        ] {
            assert_eq!(rendered(template).expect("it renders"), expected);
        }
    }

    #[test]
    fn a_template_that_does_not_work_says_why() {
        for template in ["{% for %}", "{{ raise_exception('never') }}"] {
            let error = rendered(template).expect_err("broken");
            assert!(error.contains("chat template"), "{error}");
        }
    }
}
