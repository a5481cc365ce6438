import asyncio, time, pytest
from sqlalchemy import select, func
from storage.models import OutboxMessage
from tests.journeys.test_events import *
async def test_it(web_community):
    community=web_community
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    t0=time.time()
    people = await community.crowd(50)
    print("crowd", time.time()-t0); t0=time.time()
    event = await published(giulia, Places="20")
    print("published", time.time()-t0); t0=time.time()
    await asyncio.gather(*(p.taps("Partecipo", within=TITLE) for p in people))
    print("taps", time.time()-t0); t0=time.time()
    await community.settle(200)
    print("settle", time.time()-t0)
    async with community.app.database.reading() as session:
        print((await session.execute(select(OutboxMessage.kind, OutboxMessage.op, OutboxMessage.state, func.count(), func.sum(OutboxMessage.attempts)).group_by(OutboxMessage.kind, OutboxMessage.op, OutboxMessage.state))).all())
