"""The compiled part of the SNMP engine; everything else stands in setup.cfg. Without a compiler it is left out."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("collectors.snmp._fast", ["collectors/snmp/_fast.c"], optional=True)])
