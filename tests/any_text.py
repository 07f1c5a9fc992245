"""Texts as people paste them, and how they are laid into every text field of every record."""

from django.apps import apps
from django.db import DatabaseError, models, transaction

from pmo.common.records.fields import Line, Prose

BULLET = "\uf0b7"  # as word processors paste it
TEXTS = {
    "world": "✅日本 ไม่ مست z̴ò Ж→👩‍⚕️🇩🇪 ",
    "emoji": "Done ✅ 🎉 👩‍⚕️ 👍🏽 🇩🇪 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ",
    "asian": "病院の移転 병원 医院搬迁，ไม่มีที่ว่าง ",
    "right to left": "المستشفى جديد בית חולים \u202eabc\u202c ",
    "marks": "Łódź z̴̧̛͎̈́a̶͝l̷g̸ò Ñandú naı̈ve e\u0301 ṩ q̃ ",
    "greek and russian": "Νοσοκομείο Больница Київ ≤ ≥ → ½ № ™ € ₿ ",
    "pasted": f"{BULLET} first\u00a0point\u200b \ufeff\u00ad{BULLET} second\u2028third\u2029 \ufffe",
    "markup": '=1+1 <b>x</b> <script>y</script> {{ z }} {% z %} #panic("x") $x$ *b* `r` [l](u) & " \' @a ',
    "lines": "one\ntwo\n\n- three\n# four\n\tfive ",
}


def filled(text, length, unlike=""):
    """Return text of exactly this many characters, with an end of its own."""
    times = length // len(text) + 1
    return (text * times)[: length - len(unlike)] + unlike


def text_fields():
    """Yield every field that people type text into, with its model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Line | Prose) and not field.choices:
                yield model, field


def lay_into_all(text):
    """Fill every text field of every record that may change to its limit; returns how many were written."""
    written = 0
    for model, field in text_fields():
        rows = models.QuerySet(model=model)
        for pk in rows.values_list("pk", flat=True):
            full = filled(text, field.max_length, unlike=f" {pk}")
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field.name: full})
            except DatabaseError:  # rows that are never changed
                continue
            written += 1
    return written
