"""Makes a very small Llama with random weights, and a LoRA adapter: `tinyllama.py FOLDER`.

A script of its own: it runs in the environment of vLLM, which has torch and transformers. What
such a model writes means nothing, but it is text, and its server is as real as any.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

SPECIAL = ["<s>", "</s>"]
TEMPLATE = (
    "{{ '<s>' }}{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}"
    "\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
)
WORDS = "you can apply for the benefit if your income is below the limit in the tax year"


def main(folder: Path) -> None:
    torch.manual_seed(7)
    tokenizer = _tokenizer()
    _save_tokenizer(tokenizer, folder / "model")
    _save_model(tokenizer, folder / "model")
    _save_adapter(folder / "adapter")


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([WORDS] * 3, trainer)
    return tokenizer


def _save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "chat_template": TEMPLATE,
        "model_max_length": 4096,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def _save_model(tokenizer: Tokenizer, folder: Path) -> None:
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        bos_token_id=0,
        eos_token_id=1,
        tie_word_embeddings=False,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for token, number in tokenizer.get_vocab().items():
            # Neither the end nor half a character: it writes printable text up to its limit.
            text = tokenizer.decode([number])
            if token in SPECIAL or not (text.isascii() and text.isprintable()):
                model.lm_head.weight[number] = 0.0
    model.save_pretrained(folder)


def _save_adapter(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": 8,
        "lora_alpha": 16,
        "target_modules": ["q_proj"],
        "bias": "none",
    }
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    weights = {}
    for layer in range(2):
        place = f"base_model.model.model.layers.{layer}.self_attn.q_proj"
        weights[f"{place}.lora_A.weight"] = torch.randn(8, 128)
        weights[f"{place}.lora_B.weight"] = torch.randn(128, 8)
    save_file(weights, folder / "adapter_model.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
