"""Refreshes, postings and users at the same time: real transactions that commit."""

import threading
import time
from contextlib import contextmanager

import odoo_process
import pytest

MODULE = "crm_finance_bridge"
CUSTOMERS = 40
SETUP = f"""
env["account.chart.template"].try_loading(
    "generic_coa", env.company, install_demo=False)
partners = env["res.partner"].create(
    [{{"name": f"Customer {{n}}"}} for n in range({CUSTOMERS})])
env["product.product"].create({{"name": "Product", "taxes_id": False}})
"""


@pytest.fixture(scope="module")
def registry(template):
    """Yield the registry of a throw-away database, in this process."""
    name = odoo_process.create(template)
    registry = None
    try:
        odoo_process.install(name, "-i", MODULE)
        odoo_process.shell(name, SETUP)
        from odoo.modules.registry import Registry
        from odoo.sql_db import close_db
        from odoo.tools import config

        config.parse_config(
            ["-d", name, "--no-http", f"--addons-path={odoo_process.ADDONS}"],
            setup_logging=False,
        )
        registry = Registry(name)
        yield registry
    finally:
        if registry is not None:
            Registry.delete(name)
            close_db(name)
        odoo_process.drop(name)


@contextmanager
def transaction(registry, lock_timeout="0"):
    """Open a transaction of its own, rolled back unless it commits.

    :param lock_timeout: how long PostgreSQL lets it wait for a lock
    """
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        cr.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])
        try:
            yield api.Environment(cr, SUPERUSER_ID, {})
        finally:
            cr.rollback()
            cr.execute("SELECT set_config('lock_timeout', '0', false)")


class Worker(threading.Thread):
    """Runs ``work(env)`` in its own transaction as a request does: Odoo repeats it
    when PostgreSQL asks for that. What it raises is kept."""

    def __init__(self, registry, work):
        super().__init__(daemon=True)
        self.registry = registry
        self.work = work
        self.error = None
        self.pid = None
        self.tries = 0
        self.start()

    def run(self):
        from odoo.service.model import retrying

        try:
            with transaction(self.registry) as env:
                self.pid = env.cr._cnx.get_backend_pid()
                retrying(lambda: self._try(env), env)
                env.cr.commit()
        except Exception as error:
            self.error = error

    def _try(self, env):
        self.tries += 1
        return self.work(env)

    def wait_for_lock(self):
        """Return once PostgreSQL has the worker wait for somebody's lock."""
        for _index in range(200):
            with transaction(self.registry) as env:
                env.cr.execute(
                    "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s",
                    [self.pid or 0],
                )
                if env.cr.fetchall() == [("Lock",)]:
                    return
            if not self.is_alive():
                break
            time.sleep(0.05)
        raise AssertionError(f"The worker does not wait: {self.error}")

    def finish(self):
        self.join(120)
        assert not self.is_alive()
        if self.error:
            raise self.error


def get_customers(env):
    return env["res.partner"].search([("name", "like", "Customer ")], order="id")


def post_invoices(env, partners, amount=100.0):
    """Create and post an invoice of each partner."""
    product = env["product.product"].search([("name", "=", "Product")])
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-05-01",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "price_unit": amount,
                            "tax_ids": False,
                        },
                    )
                ],
            }
            for partner in partners
        ]
    )
    invoices.action_post()
    return invoices


def work_off(env):
    env["customer.finance.queue"]._cron_process()


def assert_ledger(registry):
    """What remains queued is worked off; then the profiles are the ledger."""
    with transaction(registry) as env:
        for _index in range(5):
            work_off(env)
        assert not env["customer.finance.queue"].search_count([])
        profiles = env["customer.finance.profile"].search([])
        stored = {profile.partner_id.id: profile.receivable for profile in profiles}
        ledger = env["account.move.line"]._read_group(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["partner_id"],
            ["amount_residual:sum"],
        )
        assert stored == {partner.id: amount for partner, amount in ledger}
        return stored


@pytest.fixture
def waiting(registry):
    """Every customer has one more invoice, and waits to be refreshed."""
    with transaction(registry) as env:
        post_invoices(env, get_customers(env))
        env.cr.commit()


def test_two_workers(registry, waiting):
    """Each takes rows the other does not hold; nothing is lost."""
    barrier = threading.Barrier(2)

    def work(env):
        barrier.wait(60)
        env["customer.finance.queue"]._cron_process(batch_size=7)

    workers = [Worker(registry, work) for _index in range(2)]
    for worker in workers:
        worker.finish()
    assert len(assert_ledger(registry)) == CUSTOMERS


def test_rows_held_by_one_worker_are_left_to_it(registry, waiting):
    with transaction(registry) as first, transaction(registry, "1s") as second:
        queue = "customer.finance.queue"
        taken = first[queue]._process_profiles(7)
        assert taken == 7
        # Refreshes the others, which have profiles of their own
        assert second[queue]._process_profiles(1000) == CUSTOMERS - taken
        second.cr.commit()
        first.cr.commit()
    assert_ledger(registry)


def test_refresh_now_during_a_scheduled_refresh(registry, waiting):
    """The user's refresh waits for that of the same customer, and is repeated."""
    assert_ledger(registry)
    with transaction(registry) as env:
        post_invoices(env, get_customers(env))
        env.cr.commit()
        assert env["customer.finance.queue"]._process_profiles(1000) == CUSTOMERS
        user = Worker(
            registry,
            lambda env: env["customer.finance.profile"]
            .search([], limit=3)
            .action_refresh(),
        )
        user.wait_for_lock()
        env.cr.commit()
    user.finish()
    assert user.tries == 2
    assert_ledger(registry)


def test_scheduled_refresh_during_refresh_now(registry, waiting):
    """The scheduled action gives way, keeps its rows and comes back."""
    assert_ledger(registry)
    with transaction(registry) as env:
        post_invoices(env, get_customers(env))
        env.cr.commit()
        env["customer.finance.profile"].search([], limit=3).action_refresh()
        cron = Worker(registry, work_off)
        cron.wait_for_lock()
        env.cr.commit()
    cron.finish()
    # Not a failure of the action: it caught the conflict itself
    assert cron.tries == 1
    with transaction(registry) as env:
        assert env["customer.finance.queue"].search_count([]) == CUSTOMERS
    assert_ledger(registry)


def test_deadlock_of_two_refreshes(registry, waiting):
    """Two users refresh the same customers in opposite order."""
    before = assert_ledger(registry)
    with transaction(registry) as env:
        first, second = env["customer.finance.profile"].search([], limit=2).ids
    barrier = threading.Barrier(2)

    def refresh(ids):
        meet = [True]

        def work(env):
            profiles = env["customer.finance.profile"].browse(ids)
            profiles[0].action_refresh()
            if meet:
                meet.clear()
                barrier.wait(60)
            profiles[1].action_refresh()

        return work

    users = [
        Worker(registry, refresh(ids)) for ids in ((first, second), (second, first))
    ]
    for user in users:
        user.finish()
    assert sum(user.tries for user in users) > 2
    assert assert_ledger(registry) == before


def test_deadlock_of_the_scheduled_action(registry, waiting):
    """Waiting for each other ends as any other conflict: the user wins, the action
    keeps its rows and comes back."""
    assert_ledger(registry)
    with transaction(registry) as env:
        post_invoices(env, get_customers(env))
        env.cr.commit()
        first, *_others, last = env["customer.finance.profile"].search(
            [], order="partner_id"
        )
        # The action goes by customer: it has the first and waits for the last.
        last.action_refresh()
        cron = Worker(registry, work_off)
        cron.wait_for_lock()
        first.action_refresh()
        env.cr.commit()
    cron.finish()
    assert cron.tries == 1
    assert_ledger(registry)


@pytest.mark.parametrize("refresh", ["queue", "night", "month end"])
def test_posting_never_waits_for_a_refresh(registry, waiting, refresh):
    """While a refresh is under way, and not committed, the same customers' invoices
    are posted, paid and reset, orders confirmed. PostgreSQL ends a transaction that
    waits for a lock for more than a moment, so none does."""
    with transaction(registry) as running, transaction(registry, "200ms") as env:
        if refresh == "queue":
            assert running["customer.finance.queue"]._process_profiles(1000)
        elif refresh == "night":
            running["customer.finance.profile"]._rebuild()
            running["customer.finance.check"]._run(running.company)
        else:
            running["customer.finance.snapshot"]._rebuild(months=2)
        customers = get_customers(env)[:5]
        invoices = post_invoices(env, customers, 7.0)
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices[0].ids
        ).create({})._create_payments()
        invoices[1].button_draft()
        customers[0].write({"phone": "1", "parent_id": False})
        order = env["sale.order"].create({"partner_id": customers[0].id})
        order.action_confirm()
        env.cr.commit()
        running.cr.commit()
    stored = assert_ledger(registry)
    assert len(stored) == CUSTOMERS


def test_users_and_workers_together(registry, waiting):
    """Posting, refreshing now and the scheduled action, all at once, several times."""

    def post(env):
        post_invoices(env, get_customers(env)[:3], 3.0)

    def refresh(env):
        env["customer.finance.profile"].search([], limit=10).action_refresh()

    workers = [
        Worker(registry, work) for work in (post, work_off, refresh, post, work_off)
    ]
    for worker in workers:
        worker.finish()
    assert_ledger(registry)
