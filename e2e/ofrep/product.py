"""A product in Python: may this workspace use a feature, by the OpenFeature SDK and its OFREP provider."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

base, token, flag, workspace = sys.argv[1:]
api.set_provider(OFREPProvider(base, headers_factory=lambda: {"Authorization": f"Bearer {token}"}))
found = api.get_client().get_boolean_details(flag, False, EvaluationContext(targeting_key=workspace))
print(
    json.dumps(
        {
            "value": found.value,
            "variant": found.variant,
            "failing": found.flag_metadata.get("failing"),
            "error": found.error_code.value if found.error_code else None,
        }
    )
)
