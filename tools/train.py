"""Train a model: MMAction2's script with this plugin, no mim needed."""

from dfew_mmaction.apis import run_train

if __name__ == '__main__':
    run_train()
