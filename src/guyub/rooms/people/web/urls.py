"""Addresses of signing in and out."""

from django.urls import path

from guyub.rooms.people.web import account

urlpatterns = [
    path("masuk/", account.sign_in, name="account_login"),
    path(
        "masuk/", account.sign_in, name="account_request_login_code"
    ),  # the library's name for the same page
    path("masuk/kode/", account.enter_code, name="account_confirm_login_code"),
    path("masuk/tujuan/", account.landing, name="account_landing"),
    path("daftar/", account.sign_up, name="account_signup"),
    path("daftar/kode/", account.confirm_email, name="account_email_verification_sent"),
    path("keluar/", account.sign_out, name="account_logout"),
]
