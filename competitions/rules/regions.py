"""The regions of Kazakhstan since 2022, by ISO 3166-2 code, in three languages, and where one lives in each. Pure."""

from collections.abc import Mapping

REGIONS: Mapping[str, Mapping[str, str]] = {
    "KZ-10": {"kk": "Абай облысы", "ru": "область Абай", "en": "Abai Region"},
    "KZ-11": {"kk": "Ақмола облысы", "ru": "Акмолинская область", "en": "Akmola Region"},
    "KZ-15": {"kk": "Ақтөбе облысы", "ru": "Актюбинская область", "en": "Aktobe Region"},
    "KZ-19": {"kk": "Алматы облысы", "ru": "Алматинская область", "en": "Almaty Region"},
    "KZ-23": {"kk": "Атырау облысы", "ru": "Атырауская область", "en": "Atyrau Region"},
    "KZ-27": {"kk": "Батыс Қазақстан облысы", "ru": "Западно-Казахстанская область", "en": "West Kazakhstan Region"},
    "KZ-31": {"kk": "Жамбыл облысы", "ru": "Жамбылская область", "en": "Zhambyl Region"},
    "KZ-33": {"kk": "Жетісу облысы", "ru": "область Жетісу", "en": "Zhetisu Region"},
    "KZ-35": {"kk": "Қарағанды облысы", "ru": "Карагандинская область", "en": "Karaganda Region"},
    "KZ-39": {"kk": "Қостанай облысы", "ru": "Костанайская область", "en": "Kostanay Region"},
    "KZ-43": {"kk": "Қызылорда облысы", "ru": "Кызылординская область", "en": "Kyzylorda Region"},
    "KZ-47": {"kk": "Маңғыстау облысы", "ru": "Мангистауская область", "en": "Mangystau Region"},
    "KZ-55": {"kk": "Павлодар облысы", "ru": "Павлодарская область", "en": "Pavlodar Region"},
    "KZ-59": {"kk": "Солтүстік Қазақстан облысы", "ru": "Северо-Казахстанская область", "en": "North Kazakhstan Region"},
    "KZ-61": {"kk": "Түркістан облысы", "ru": "Туркестанская область", "en": "Turkistan Region"},
    "KZ-62": {"kk": "Ұлытау облысы", "ru": "область Ұлытау", "en": "Ulytau Region"},
    "KZ-63": {"kk": "Шығыс Қазақстан облысы", "ru": "Восточно-Казахстанская область", "en": "East Kazakhstan Region"},
    "KZ-71": {"kk": "Астана қаласы", "ru": "город Астана", "en": "Astana city"},
    "KZ-75": {"kk": "Алматы қаласы", "ru": "город Алматы", "en": "Almaty city"},
    "KZ-79": {"kk": "Шымкент қаласы", "ru": "город Шымкент", "en": "Shymkent city"},
}

# Where one lives, as each language says it after "I live".
ANYWHERE: Mapping[str, str] = {"kk": "Қазақстанда", "ru": "в Казахстане", "en": "in Kazakhstan"}
LIVING_IN: Mapping[str, Mapping[str, str]] = {
    "KZ-10": {"kk": "Абай облысында", "ru": "в области Абай", "en": "in Abai Region"},
    "KZ-11": {"kk": "Ақмола облысында", "ru": "в Акмолинской области", "en": "in Akmola Region"},
    "KZ-15": {"kk": "Ақтөбе облысында", "ru": "в Актюбинской области", "en": "in Aktobe Region"},
    "KZ-19": {"kk": "Алматы облысында", "ru": "в Алматинской области", "en": "in Almaty Region"},
    "KZ-23": {"kk": "Атырау облысында", "ru": "в Атырауской области", "en": "in Atyrau Region"},
    "KZ-27": {"kk": "Батыс Қазақстан облысында", "ru": "в Западно-Казахстанской области", "en": "in West Kazakhstan Region"},
    "KZ-31": {"kk": "Жамбыл облысында", "ru": "в Жамбылской области", "en": "in Zhambyl Region"},
    "KZ-33": {"kk": "Жетісу облысында", "ru": "в области Жетісу", "en": "in Zhetisu Region"},
    "KZ-35": {"kk": "Қарағанды облысында", "ru": "в Карагандинской области", "en": "in Karaganda Region"},
    "KZ-39": {"kk": "Қостанай облысында", "ru": "в Костанайской области", "en": "in Kostanay Region"},
    "KZ-43": {"kk": "Қызылорда облысында", "ru": "в Кызылординской области", "en": "in Kyzylorda Region"},
    "KZ-47": {"kk": "Маңғыстау облысында", "ru": "в Мангистауской области", "en": "in Mangystau Region"},
    "KZ-55": {"kk": "Павлодар облысында", "ru": "в Павлодарской области", "en": "in Pavlodar Region"},
    "KZ-59": {
        "kk": "Солтүстік Қазақстан облысында",
        "ru": "в Северо-Казахстанской области",
        "en": "in North Kazakhstan Region",
    },
    "KZ-61": {"kk": "Түркістан облысында", "ru": "в Туркестанской области", "en": "in Turkistan Region"},
    "KZ-62": {"kk": "Ұлытау облысында", "ru": "в области Ұлытау", "en": "in Ulytau Region"},
    "KZ-63": {"kk": "Шығыс Қазақстан облысында", "ru": "в Восточно-Казахстанской области", "en": "in East Kazakhstan Region"},
    "KZ-71": {"kk": "Астана қаласында", "ru": "в городе Астане", "en": "in Astana"},
    "KZ-75": {"kk": "Алматы қаласында", "ru": "в городе Алматы", "en": "in Almaty"},
    "KZ-79": {"kk": "Шымкент қаласында", "ru": "в городе Шымкенте", "en": "in Shymkent"},
}
