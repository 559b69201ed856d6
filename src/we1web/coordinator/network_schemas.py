"""What HTTP answers about the whole network and this coordinator look like, as pydantic models. No logic."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class NetworkCountry(BaseModel):
    """Nodes online in one country, as their owners say."""

    country: Annotated[str | None, Field(description="ISO 3166-1 alpha-2; null: they do not say.")]
    nodes: int
    cores: int


class NetworkMinute(BaseModel):
    """What was settled within one minute."""

    at: datetime
    verified: int
    failed: int
    executions: Annotated[int, Field(description="Votes that were judged, paid or not.")]


class Network(BaseModel):
    """Public numbers of the whole network."""

    numbers: dict[str, float]
    countries: list[NetworkCountry]
    minutes: Annotated[list[NetworkMinute], Field(description="The last hour: 60 points, the present minute last.")]
    queue_age_s: Annotated[float | None, Field(description="Age of the oldest open task; null: none is open.")]
    agreement: Annotated[float | None, Field(description="Share of the last hour's judged votes that agreed.")]
    redundancy: Annotated[float | None, Field(description="Executions for each task that ended in the last hour.")]
    earned_micros_per_core_hour: Annotated[
        float | None,
        Field(
            description="What one core's hour of paid work earned in the last 24 hours: median over nodes and hours."
            " Its time is counted as votes times the mean run time of their job's tasks. Null: nobody was paid."
        ),
    ]


class NetworkPrice(BaseModel):
    """What one vote on a task should pay, and what that rests on."""

    task_s: float
    price_micros: Annotated[int, Field(description="Suggested for one vote, the platform's fee included.")]
    micros_per_core_hour: Annotated[float, Field(description="The price of one core's hour it was computed with.")]
    earned_micros_per_core_hour: Annotated[
        float | None,
        Field(description="What one core's hour earned in the last 24 hours, see /api/network; null: unknown."),
    ]
    core_hours: Annotated[float, Field(description="So much paid work is behind that figure.")]
    currency: str


class Health(BaseModel):
    status: Literal["ok", "unavailable"]
    checks: dict[str, bool] = {}
