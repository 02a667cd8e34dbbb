"""Checkpoints of a training: all that its next epoch needs."""

import torch


def save(path, epoch, parts):
    """Writes the states of `parts` (name: network, optimizer or schedule) after that many epochs;
    a cut-off leaves the former checkpoint whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    states = {name: part.state_dict() for name, part in parts.items()}
    partial = path.with_suffix(".part")
    torch.save({"epoch": epoch, "random": torch.get_rng_state(), **states}, partial)
    partial.replace(path)


def load(path, parts, device):
    """Brings `parts` to where they were and returns the epochs done. Of the schedule only the place
    is taken: where the number of epochs has changed, the new one's learning rates follow from there."""
    if not path.exists():
        raise SystemExit(f"{path}: no checkpoint to go on from: start without --resume")
    state = torch.load(path, map_location=device)
    for name, part in parts.items():
        if name == "schedule":
            part.last_epoch = state[name]["last_epoch"]
        else:
            part.load_state_dict(state[name])
    torch.set_rng_state(state["random"].cpu())
    return state["epoch"]
