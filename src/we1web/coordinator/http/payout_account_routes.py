"""Routes of the accounts that contributors are paid to."""

from uuid import UUID

from fastapi import APIRouter, Response

from we1web.coordinator.actions import payout_accounts as actions
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.payout_account_schemas import PayoutAccount, PayoutAccountOrder, PayoutAccounts
from we1web.coordinator.queries import payout_accounts as queries

router = APIRouter(prefix="/api/payments/accounts", tags=["payments"])


@router.get("")
async def accounts(services: ServicesDep, caller: AnyCaller) -> PayoutAccounts:
    """Where the caller is paid to, and what this network can pay through."""
    return await queries.accounts(services, caller.user_id)


@router.post("")
async def open_account(services: ServicesDep, caller: AnyCaller, order: PayoutAccountOrder) -> PayoutAccount:
    """Opens the account of a rail. For Stripe the answer says where its owner tells who they are (`url`).

    Asking again for the same account answers with it, and with a fresh `url`.
    """
    return await actions.open_account(services, caller, order)


@router.post("/{account_id}/link")
async def link(services: ServicesDep, caller: AnyCaller, account_id: UUID) -> PayoutAccount:
    """Reads the account at Stripe again, and answers with a fresh `url` unless nothing is wanted."""
    return await actions.link(services, caller, account_id)


@router.delete("/{account_id}", status_code=204)
async def close(services: ServicesDep, caller: AnyCaller, account_id: UUID) -> Response:
    """Nothing is paid to it any more. Refused while payouts are on their way there."""
    await actions.close_account(services, caller, account_id)
    return Response(status_code=204)
