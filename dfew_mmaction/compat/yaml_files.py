"""Reading YAML without running code."""


def load_yaml_safely() -> bool:
    """Let MMEngine read plain values from YAML only.

    Its loader builds any Python object that a file asks for
    (``!!python/object/apply:os.system``), also from a config that ``_base_`` names.
    """
    import yaml
    from mmengine.fileio.handlers import yaml_handler

    safe = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    yaml_handler.Loader = safe
    return True
