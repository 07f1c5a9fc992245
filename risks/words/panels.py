"""The sentences of the pages of panels."""


def panel_sub(code: object) -> str:
    return f"{code} · Risks and issues"
